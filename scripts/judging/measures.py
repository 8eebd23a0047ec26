"""Writes what SciPy, scikit-learn and MAPIE say of fixed tables, for the Swift tests to compare.

    python measures.py OUTPUT.json

The tables are part of the output, so that the tests read the very numbers that were judged.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib.metadata import version
from typing import Any

import numpy as np
from mapie.classification import SplitConformalClassifier
from mapie.risk_control import BinaryClassificationController
from scipy.optimize import minimize_scalar
from scipy.special import betainc
from scipy.stats import binom, binomtest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, confusion_matrix, log_loss, roc_auc_score

CLASSES = 3
COVERAGE = 0.9
ERROR_RATE, CONFIDENCE = 0.05, 0.9
THRESHOLDS = [0.995, 0.99, 0.98, 0.95, 0.93, 0.92, 0.91, 0.9, 0.89, 0.88, 0.85, 0.8, 0.7, 0.5]
SEQUENCE = THRESHOLDS[2:]


class Table(ClassifierMixin, BaseEstimator):
    """A classifier that looks its answers up: case i is the row i of the table."""

    def __init__(self, probabilities: np.ndarray):
        self.probabilities = probabilities
        self.classes_ = np.arange(probabilities.shape[1])
        self.is_fitted_ = True

    def fit(self, features: np.ndarray, truths: np.ndarray) -> "Table":
        return self

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        return self.probabilities[np.asarray(features)[:, 0].astype(int)]

    def predict(self, features: np.ndarray) -> np.ndarray:
        return self.predict_proba(features).argmax(axis=1)


def main() -> None:
    # MAPIE warns that a class is missing where it is given the cases of one class on purpose.
    warnings.simplefilter("ignore")
    random = np.random.default_rng(20261121)
    answers = {
        "versions": {name: version(name) for name in ("scipy", "scikit-learn", "mapie", "numpy")},
        "proportions": [proportion(*case) for case in (
            (0, 1, 0.95), (0, 45, 0.9), (0, 299, 0.95), (1, 10, 0.95), (5, 10, 0.9),
            (17, 230, 0.99), (10, 10, 0.95), (999, 1000, 0.95), (1234, 50000, 0.95),
        )],
        "incomplete_beta": [
            {"x": x, "a": a, "b": b, "value": float(betainc(a, b, x))}
            for x, a, b in (
                (0.5, 1, 1), (0.1, 0.5, 3), (0.9, 2.5, 0.5), (0.01, 1, 299), (0.3, 40, 90),
                (0.999, 2000, 3), (0.02, 150, 7000), (0.5, 50000, 50200),
            )
        ],
        "binomial": [
            {"n": n, "p": p, "k": k, "cumulative": float(binom.cdf(k, n, p)),
             "at_least": float(binom.sf(k - 1, n, p))}
            for n, p, k in ((10, 0.5, 3), (299, 0.01, 0), (473, 0.01, 1), (5000, 0.02, 70),
                            (40, 0.001, 3))
        ],
        "two_classes": two_classes(random),
        "ordered": ordered(random),
        "regression": regression(random),
        "temperature": temperature(random),
        "outcomes": outcomes(random),
        "thresholds": thresholds(random),
    }
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        lines = [f"{json.dumps(name)}: {json.dumps(answers[name])}" for name in sorted(answers)]
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


def proportion(successes: int, n: int, confidence: float) -> dict[str, Any]:
    test = binomtest(successes, n)
    upper = binomtest(successes, n, alternative="less")
    return {
        "successes": successes, "n": n, "confidence": confidence,
        "wilson": interval(test.proportion_ci(confidence, method="wilson")),
        "clopper_pearson": interval(test.proportion_ci(confidence, method="exact")),
        "upper_bound": float(upper.proportion_ci(confidence, method="exact").high),
    }


def interval(found: Any) -> list[float]:
    return [float(found.low), float(found.high)]


def two_classes(random: np.random.Generator) -> dict[str, Any]:
    """Scores with many ties."""
    positive = random.random(120) < 0.4
    scores = np.round(random.normal(positive * 1.0, 1), 1)
    weights = random.poisson(1.0, 120)
    return {
        "scores": scores.tolist(), "positive": positive.tolist(), "weights": weights.tolist(),
        "auroc": float(roc_auc_score(positive, scores)),
        "weighted_auroc": float(roc_auc_score(positive, scores, sample_weight=weights)),
    }


def ordered(random: np.random.Generator) -> dict[str, Any]:
    truths = random.integers(0, 4, 150)
    guesses = np.clip(truths + random.integers(-1, 2, 150), 0, 3)
    return {
        "truths": truths.tolist(), "guesses": guesses.tolist(),
        "table": confusion_matrix(truths, guesses).tolist(),
        "kappa": float(cohen_kappa_score(truths, guesses)),
        "quadratic_kappa": float(cohen_kappa_score(truths, guesses, weights="quadratic")),
    }


def regression(random: np.random.Generator) -> dict[str, Any]:
    features = np.round(random.normal(size=(80, 3)), 4)
    positive = features @ [1.5, -0.7, 0] + random.logistic(size=80) > 0.3
    model = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-12, max_iter=500)
    model.fit(features, positive)
    return {
        "features": features.tolist(), "positive": positive.tolist(), "penalty": 1.0,
        "weights": [*model.coef_[0].tolist(), float(model.intercept_[0])],
    }


def temperature(random: np.random.Generator) -> dict[str, Any]:
    logits = np.round(random.normal(0, 3, 200), 4)
    true = random.random(200) < 1 / (1 + np.exp(-logits / 1.7))

    def loss(value: float) -> float:
        scaled = logits / np.exp(value)
        return float((np.logaddexp(0, scaled) - true * scaled).mean())

    best = minimize_scalar(loss, bracket=(-1.0, 1.0), tol=1e-14).x
    return {"logits": logits.tolist(), "true": true.tolist(), "temperature": float(np.exp(best))}


def outcomes(random: np.random.Generator) -> dict[str, Any]:
    """Three classes: proper scores, calibration error, prediction sets."""
    truths, probabilities = distributions(random, 240)
    right = probabilities.argmax(axis=1) == truths
    confidences = probabilities.max(axis=1)
    _, fresh = distributions(random, 60)
    marginal, sets = conformal(probabilities, truths, fresh)
    by_class = []
    for number in range(CLASSES):
        here = truths == number
        # MAPIE has no class-conditional form of its own: it is LAC on the cases of one class.
        least, found = conformal(probabilities[here], truths[here], fresh)
        by_class.append({"least_probability": least, "holds": found[:, number].tolist()})
    return {
        "probabilities": probabilities.tolist(), "truths": truths.tolist(),
        "fresh": fresh.tolist(), "coverage": COVERAGE,
        "brier": float(((probabilities - np.eye(CLASSES)[truths]) ** 2).sum(axis=1).mean()),
        "log_loss": float(log_loss(truths, probabilities)),
        "calibration_error": calibration_error(confidences, right),
        "mapie": {
            "least_probability": marginal, "sets": sets.tolist(), "by_class": by_class,
        },
    }


def distributions(random: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    truths = random.integers(0, CLASSES, n)
    logits = random.normal(0, 1, (n, CLASSES)) + 1.5 * np.eye(CLASSES)[truths]
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return truths, shares


def calibration_error(confidences: np.ndarray, right: np.ndarray) -> float:
    order = np.argsort(confidences, kind="stable")
    return float(sum(
        len(part) / len(order) * abs(right[part].mean() - confidences[part].mean())
        for part in np.array_split(order, 15)
    ))


def conformal(
    probabilities: np.ndarray, truths: np.ndarray, fresh: np.ndarray
) -> tuple[float, np.ndarray]:
    """MAPIE's least probability at the coverage, and its sets for new cases."""
    both = np.vstack([probabilities, fresh])
    rows = np.arange(len(both)).reshape(-1, 1)
    mapie = SplitConformalClassifier(
        Table(both), confidence_level=COVERAGE, conformity_score="lac", prefit=True)
    mapie.conformalize(rows[: len(truths)], truths)
    _, sets = mapie.predict_set(rows[len(truths):])
    quantile = mapie._mapie_classifier.conformity_score_function_.quantiles_[0]
    return float(1 - quantile), sets[:, :, 0]


def thresholds(random: np.random.Generator) -> dict[str, Any]:
    """Which thresholds hold a precision: MAPIE's Learn then Test, loss 0 or 1."""
    confidences = np.round(1 - random.exponential(0.08, 600), 6).clip(0.3, 1)
    wrong = random.random(600) < 0.6 * (1 - confidences)
    both = np.stack([1 - confidences, confidences], axis=1)
    rows = np.arange(600).reshape(-1, 1)
    found: dict[str, Any] = {}
    p_values = np.array([])
    for method in ("bonferroni", "split_fixed_sequence"):
        controller = BinaryClassificationController(
            Table(both).predict_proba, "precision", target_level=1 - ERROR_RATE,
            confidence_level=CONFIDENCE, list_predict_params=np.array(THRESHOLDS),
            fwer_method=method)
        if method == "split_fixed_sequence":
            # The order is given from outside here, as it is in Regrade.
            controller._learned_fixed_sequence = np.array(SEQUENCE)
        controller.calibrate(rows, (~wrong).astype(int))
        found[method] = [float(value) for value in np.ravel(controller.valid_predict_params)]
        if method == "bonferroni":
            p_values = np.ravel(controller.p_values)
    above = [confidences >= value for value in THRESHOLDS]
    exact = [binom.cdf(wrong[chosen].sum(), chosen.sum(), ERROR_RATE) for chosen in above]
    return {
        "p_values": [float(value) for value in exact],
        "confidences": confidences.tolist(), "wrong": wrong.tolist(), "thresholds": THRESHOLDS,
        "sequence": SEQUENCE,
        "error_rate": ERROR_RATE, "confidence": CONFIDENCE,
        "mapie": {"p_values": p_values.tolist(), **found},
    }


if __name__ == "__main__":
    main()
