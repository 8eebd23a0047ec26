"""Figures of merit, each with an interval where it is used as evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from scipy.stats import beta, rankdata
from sklearn.metrics import cohen_kappa_score

Interval = dict[str, float | int | None]
RESAMPLES = 1000
BINS = 15


def auroc(truth: np.ndarray, score: np.ndarray) -> float | None:
    """The area under the ROC curve, by ranks; None where only one label occurs."""
    positives = int(truth.sum())
    negatives = len(truth) - positives
    if positives == 0 or negatives == 0:
        return None
    above = rankdata(score)[truth.astype(bool)].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def with_interval(
    figure: Callable[[np.ndarray, np.ndarray], float | None],
    truth: np.ndarray, score: np.ndarray, groups: np.ndarray, seed: int = 1,
) -> Interval:
    """The figure and its bootstrap 95 % interval; whole groups are drawn."""
    value = figure(truth, score)
    if value is None:
        return {"value": None, "low": None, "high": None, "n": len(truth)}
    drawn = [each for each in _resampled(figure, truth, score, groups, seed) if each is not None]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return {"value": value, "low": float(low), "high": float(high), "n": len(truth)}


def macro_with_interval(
    figure: Callable[[np.ndarray, np.ndarray], float | None],
    several: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> Interval:
    """The mean of the figure over several sets of (truth, score, groups), each drawn by itself."""
    value = float(np.mean([figure(truth, score) for truth, score, _ in several]))
    drawn = [
        list(_resampled(figure, *each, seed)) for seed, each in enumerate(several, start=1)
    ]
    means = [np.mean(each) for each in zip(*drawn) if None not in each]
    low, high = np.percentile(means, [2.5, 97.5])
    n = sum(len(truth) for truth, _, _ in several)
    return {"value": value, "low": float(low), "high": float(high), "n": n}


def _resampled(
    figure: Callable[[np.ndarray, np.ndarray], float | None],
    truth: np.ndarray, score: np.ndarray, groups: np.ndarray, seed: int,
) -> Iterator[float | None]:
    random = np.random.default_rng(seed)
    _, number = np.unique(groups, return_inverse=True)
    rows_of = np.split(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number))[:-1])
    for _ in range(RESAMPLES):
        picked = random.integers(0, len(rows_of), len(rows_of))
        rows = np.concatenate([rows_of[index] for index in picked])
        yield figure(truth[rows], score[rows])


def error_upper_bound(errors: int, n: int, confidence: float) -> float:
    """The one-sided Clopper-Pearson upper bound of an error rate."""
    return 1.0 if n == 0 or errors >= n else float(beta.ppf(confidence, errors + 1, n - errors))


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over 15 bins of equal mass."""
    order = np.argsort(confidence, kind="stable")
    return float(
        sum(
            len(rows) / len(order) * abs(confidence[rows].mean() - right[rows].mean())
            for rows in np.array_split(order, BINS)
            if len(rows)
        )
    )


def quadratic_kappa(truth: np.ndarray, guess: np.ndarray) -> float | None:
    if len(set(truth.tolist())) < 2:
        return None
    return float(cohen_kappa_score(truth, guess, weights="quadratic"))


def log_loss(probabilities: np.ndarray, truth: np.ndarray) -> float:
    chosen = probabilities[np.arange(len(truth)), truth]
    return float(-np.log(np.clip(chosen, 1e-12, 1)).mean())


def brier(probabilities: np.ndarray, truth: np.ndarray) -> float:
    """The sum over classes of squared differences, averaged over cases."""
    wanted = np.eye(probabilities.shape[1])[truth]
    return float(((probabilities - wanted) ** 2).sum(axis=1).mean())


def risk_at_coverage(confidence: np.ndarray, right: np.ndarray) -> dict[str, float]:
    """Share of errors among the most confident 50 to 100 %."""
    order = np.argsort(-confidence, kind="stable")
    risks = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    return {
        f"{share:.0%}": float(risks[max(0, int(round(share * len(order))) - 1)])
        for share in (0.5, 0.7, 0.8, 0.9, 1.0)
    }
