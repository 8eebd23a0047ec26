"""Calibration on held-back photos, and what a machine may decide alone.

The schema `regrade.calibration/1` is read strictly by others; see docs/training.md.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from . import categories
from .catalogue import SINGLE_TYPE_SOURCES
from .export import sha256
from .predictions import (
    Predictions, outcome_probabilities, probabilities, sigmoid, true_outcomes,
)
from .recipe import CALIBRATION_ID, MODEL_NAME, MODEL_VERSION, OUTCOMES, TYPES
from .figures import brier, calibration_error, error_upper_bound, log_loss

ERROR_RATE = 0.05
CONFIDENCE = 0.90
LEAST_OF_EACH_LABEL = 20
"""A category without damaged photos cannot show that its resells are right."""
SET_COVERAGE = 0.90
REVIEW_THRESHOLD = 0.80
NOVELTY_THRESHOLD = 0.99
LADDER = (46, 78, 106, 133, 160, 200, 250, 300, 400)
"""How many of the surest cases are tried: at 5 % and 90 % confidence the first four pass with 0, 1,
2 and 3 errors."""
LEAST_POSITIVES = 20
UNPROVEN_TYPE_THRESHOLD = 0.9
NOVELTY_SHARES = (0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 1)


def calibrate(
    held_back: Predictions, test: Predictions, model: Path, names: list[str]
) -> dict[str, Any]:
    """The calibration document; `names` are the model's categories. `test` serves for the three
    figures under `metrics` alone."""
    temperatures = severity_temperatures(held_back)
    severities = probabilities(held_back.severity, temperatures)
    outcomes = outcome_probabilities(severities)
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    return {
        "schema": "regrade.calibration/1",
        "id": CALIBRATION_ID,
        "created_at": now.isoformat().replace("+00:00", "Z"),
        "model": {"name": MODEL_NAME, "version": MODEL_VERSION, "sha256": sha256(model)},
        "severity": {"method": "temperature", "temperatures": temperatures},
        "types": _types(held_back),
        "risk": {"error_rate": ERROR_RATE, "confidence": CONFIDENCE},
        "prediction_set": {
            "method": "lac",
            "minimum_probability": _minimum_probability(outcomes, true_outcomes(held_back.photos)),
        },
        "novelty": {
            "quantiles": [
                [round(float(np.quantile(held_back.distance, share)), 6), share]
                for share in NOVELTY_SHARES
            ],
            "threshold": NOVELTY_THRESHOLD,
        },
        "category": categories.rule(held_back, names),
        "automated": automated(held_back, outcomes),
        "review_threshold": REVIEW_THRESHOLD,
        "n": len(held_back.photos),
        "metrics": outcome_metrics(test, temperatures),
    }


def severity_temperatures(held_back: Predictions) -> list[float]:
    """One temperature a logit, each fitted where its condition holds and its answer is known."""
    damaged = held_back.damaged
    severity = np.array([-1 if p.severity is None else p.severity for p in held_back.photos])
    everyone = np.ones(len(damaged), bool)
    questions = (
        (everyone, damaged), (severity >= 1, severity >= 2), (severity >= 2, severity >= 3),
    )
    return [
        _temperature(held_back.severity[known, index], answer[known].astype(float))
        for index, (known, answer) in enumerate(questions)
    ]


def outcome_metrics(predictions: Predictions, temperatures: list[float]) -> dict[str, float]:
    """Calibration error, Brier score and log loss of the outcome, where the outcome is known."""
    truth = true_outcomes(predictions.photos)
    known = truth >= 0
    outcomes = outcome_probabilities(probabilities(predictions.severity, temperatures))[known]
    right = outcomes.argmax(axis=1) == truth[known]
    return {
        "ece": round(calibration_error(outcomes.max(axis=1), right), 5),
        "brier": round(brier(outcomes, truth[known]), 5),
        "nll": round(log_loss(outcomes, truth[known]), 5),
    }


def automated(held_back: Predictions, outcomes: np.ndarray) -> list[dict[str, Any]]:
    """Per category, the outcomes whose error bound holds at some threshold.

    One photo a group is counted, as photos of a group are not independent.
    """
    stated = np.array([photo.category for photo in held_back.photos])
    damaged, single = held_back.damaged, _one_of_each_group(held_back)
    admitted = []
    for category in sorted(set(stated)):
        here = (stated == category) & single
        if min(damaged[here].sum(), (~damaged[here]).sum()) < LEAST_OF_EACH_LABEL:
            continue
        allowed = {}
        for index, name in enumerate(OUTCOMES):
            known, wrong = _judged(held_back, index)
            chosen = here & known & (outcomes.argmax(axis=1) == index)
            entry = threshold(outcomes[chosen, index], wrong[chosen])
            if entry is not None:
                allowed[name] = entry
        if allowed:
            admitted.append({"category": category, "outcomes": allowed})
    return admitted


def attempts(held_back: Predictions, temperatures: list[float]) -> list[dict[str, Any]]:
    """How the surest cases of each category and outcome fared, whether admitted or not."""
    outcomes = outcome_probabilities(probabilities(held_back.severity, temperatures))
    stated = np.array([photo.category for photo in held_back.photos])
    single = _one_of_each_group(held_back)
    rows = []
    for category in sorted(set(stated)):
        for index, name in enumerate(OUTCOMES):
            known, wrong = _judged(held_back, index)
            chosen = (stated == category) & single & known & (outcomes.argmax(axis=1) == index)
            surest_first = np.argsort(-outcomes[chosen, index], kind="stable")
            errors = np.cumsum(wrong[chosen][surest_first])
            for count in (LADDER[0], 100):
                if count <= len(errors):
                    rows.append({
                        "category": category, "outcome": name, "surest": count,
                        "errors": int(errors[count - 1]),
                    })
    return rows


def threshold(confidence: np.ndarray, wrong: np.ndarray) -> dict[str, Any] | None:
    """The lowest threshold reached by fixed-sequence testing, or None.

    The surest cases are tried first, `LADDER` at a time in a fixed order that looks at no label,
    and the first step that fails ends it; so the bound of the last one that passed holds at the
    stated confidence without any correction for having tried several (Angelopoulos et al. 2021,
    arXiv 2110.01052, section 2.3).
    """
    surest_first = np.argsort(-confidence, kind="stable")
    passed = None
    for count in LADDER:
        if count > len(surest_first):
            break
        # Four digits down, so that rounding lets no case in that was not counted.
        value = np.ceil(confidence[surest_first[count - 1]] * 1e4) / 1e4
        above = confidence >= value
        n, errors = int(above.sum()), int(wrong[above].sum())
        bound = error_upper_bound(errors, n, CONFIDENCE)
        if bound > ERROR_RATE:
            break
        passed = {
            "threshold": float(value), "n": n, "errors": errors,
            "error_upper_bound": round(bound, 5),
        }
    return passed


def _judged(held_back: Predictions, outcome: int) -> tuple[np.ndarray, np.ndarray]:
    """Where it is known whether `outcome` is right, and where it is wrong.

    Resell can be judged by "damaged or intact" alone; the others need the severity.
    """
    truth = true_outcomes(held_back.photos)
    if OUTCOMES[outcome] == "resell":
        return np.ones(len(truth), bool), held_back.damaged
    return truth >= 0, truth != outcome


def _one_of_each_group(predictions: Predictions) -> np.ndarray:
    first: dict[str, int] = {}
    for row, photo in sorted(enumerate(predictions.photos), key=lambda pair: pair[1].name):
        first.setdefault(photo.group, row)
    chosen = np.zeros(len(predictions.photos), bool)
    chosen[list(first.values())] = True
    return chosen


def _temperature(logits: np.ndarray, answer: np.ndarray) -> float:
    def loss(log_temperature: float) -> float:
        values = logits / np.exp(log_temperature)
        return float((np.logaddexp(0, values) - answer * values).mean())

    return round(float(np.exp(minimize_scalar(loss, bounds=(-2.5, 2.5), method="bounded").x)), 5)


def _minimum_probability(outcomes: np.ndarray, truth: np.ndarray) -> float:
    """Sets of all outcomes at least this probable hold the right one in 90 % of cases (LAC)."""
    known = truth >= 0
    right = np.sort(outcomes[known, truth[known]])
    rank = int(np.floor((len(right) + 1) * (1 - SET_COVERAGE)))
    return round(float(right[rank - 1]) - 5e-6, 5) if rank >= 1 else 0.0


def _types(held_back: Predictions) -> dict[str, Any]:
    photos = held_back.photos
    certain = np.array(
        [p.types is not None and p.source not in SINGLE_TYPE_SOURCES for p in photos]
    )
    present = np.array([[name in (p.types or ()) for name in TYPES] for p in photos])
    temperature = _temperature(
        held_back.types[certain].ravel(), present[certain].astype(float).ravel()
    )
    scores = sigmoid(held_back.types / temperature)
    return {
        "temperature": temperature,
        "thresholds": {
            name: _type_threshold(scores[certain, index], present[certain, index])
            for index, name in enumerate(TYPES)
        },
    }


def _type_threshold(score: np.ndarray, present: np.ndarray) -> float:
    """The threshold of the best F1, or a high one where too few examples exist to tell."""
    if present.sum() < LEAST_POSITIVES:
        return UNPROVEN_TYPE_THRESHOLD

    def f1(value: float) -> float:
        chosen = score >= value
        return 2 * (chosen & present).sum() / max(1, chosen.sum() + present.sum())

    return float(max(np.round(np.arange(0.1, 0.91, 0.05), 2), key=f1))
