"""Several photos of one item, and the category that a photo shows.

The data hold no items: a group is the same picture twice. Items are therefore put together from test photos
of one category: a damaged item shows its damage in one photo or in all, an intact one in none. The rules
work on calibrated probabilities.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from . import categories, figures
from .predictions import Predictions, predict, sigmoid
from .steps import Work, few, read, write

ITEMS = 400
PHOTOS = (2, 4)
RESAMPLES = 200
CATEGORIES = ("vehicle", "box")
"""Those with enough photos of both labels in the test part."""
SPREAD = "vehicle"
"""The category that several sources hold."""

RULES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "most damaged photo (shipped)": lambda p: p.max(axis=1),
    "noisy-or": lambda p: 1 - np.prod(1 - p, axis=1),
    "mean": lambda p: p.mean(axis=1),
}


def study(work: Work) -> None:
    """Writes how the rules of fusion and the category do."""
    temperature = read(work.paper("calibration"))["severity"]["temperatures"][0]
    test = work.said_of("test")
    write(work.paper("items"), {
        "items": ITEMS,
        "fusion": _fusion(test, sigmoid(test.severity[:, 0] / temperature), work.recipe.seed),
        "category": _category(work, test),
    })


def _fusion(test: Predictions, score: np.ndarray, seed: int) -> dict[str, Any]:
    """For each number of photos, where the damage shows, and rule: figures with intervals."""
    found: dict[str, Any] = {}
    for category in CATEGORIES:
        chosen = np.array([photo.category == category for photo in test.photos])
        groups = np.array([photo.group for photo in test.photos])[chosen]
        for count in PHOTOS:
            for seen in ("one photo", "all photos"):
                drawn: dict[str, list[dict[str, float]]] = {name: [] for name in RULES}
                for number in range(RESAMPLES + 1):
                    random = np.random.default_rng([seed, count, number])
                    rows = _resampled(groups, random) if number else np.arange(len(groups))
                    truth, shown = _items(
                        score[chosen][rows], test.damaged[chosen][rows], count,
                        1 if seen == "one photo" else count, random,
                    )
                    for name, rule in RULES.items():
                        drawn[name].append(_row(truth, rule(shown)))
                key = f"{category}, {count} photos, damage in {seen}"
                found[key] = {name: _with_intervals(rows) for name, rows in drawn.items()}
    return found


def _items(
    score: np.ndarray, damaged: np.ndarray, count: int, seen: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Labels [2 * ITEMS], and the scores of their photos [2 * ITEMS, count]."""
    intact = random.choice(score[~damaged], (2 * ITEMS, count))
    intact[:ITEMS, :seen] = random.choice(score[damaged], (ITEMS, seen))
    return np.arange(2 * ITEMS) < ITEMS, intact


def _row(truth: np.ndarray, score: np.ndarray) -> dict[str, float]:
    return {
        "auroc": figures.auroc(truth, score) or 0.0,
        "recall": float((score[truth] >= 0.5).mean()),
        "false_alarms": float((score[~truth] >= 0.5).mean()),
        "calibration_error": figures.calibration_error(
            np.maximum(score, 1 - score), (score >= 0.5) == truth
        ),
    }


def _with_intervals(rows: list[dict[str, float]]) -> dict[str, figures.Interval]:
    result: dict[str, figures.Interval] = {}
    for name, value in rows[0].items():
        low, high = np.percentile([row[name] for row in rows[1:]], [2.5, 97.5])
        result[name] = {"value": value, "low": float(low), "high": float(high), "n": 2 * ITEMS}
    return result


def _resampled(groups: np.ndarray, random: np.random.Generator) -> np.ndarray:
    names, number = np.unique(groups, return_inverse=True)
    rows_of = np.split(np.argsort(number, kind="stable"), np.cumsum(np.bincount(number))[:-1])
    picked = random.integers(0, len(names), len(names))
    return np.concatenate([rows_of[index] for index in picked])


def _category(work: Work, test: Predictions) -> dict[str, Any]:
    """The model's word on categories: accuracy, and what the reason for a person does."""
    names = work.categories
    limit = read(work.paper("calibration"))["category"]["minimum_probability"]
    truth, probability = categories.of_claims(test, names)
    guess, flagged = probability.argmax(axis=1), probability < limit
    groups = np.array([photo.group for photo in test.photos])
    sources = np.array([photo.source for photo in test.photos])
    rows = {}
    for index, name in enumerate(names):
        of = truth == index
        if of.any():
            rows[name] = {
                "accuracy": _accuracy(guess[of] == index, groups[of]),
                "taken_for": {
                    names[other]: int((guess[of] == other).sum())
                    for other in range(len(names))
                    if other != index and (guess[of] == other).any()
                },
                "right_claims_flagged": float(flagged[of, index].mean()),
                "wrong_claims_flagged": float(np.delete(flagged[of], index, axis=1).mean()),
            }
    return {
        "minimum_probability": limit,
        "accuracy": _accuracy(guess == truth, groups),
        "by_category": rows,
        "never_seen": {
            source: _never_seen(work, source)
            for source in sorted(set(sources[[photo.category == SPREAD for photo in test.photos]]))
        },
    }


def _never_seen(work: Work, source: str) -> dict[str, Any]:
    """The same question answered without a source of the one category that several have: how many of its
    right claims are flagged. The embedding is the shipped one, which has seen the source."""
    shown = [
        photo for name in work.categories
        for photo in few(
            [p for p in work.parts["train"] if p.category == name and p.source != source],
            categories.MOST_OF_EACH,
        )
    ]
    weights, biases = categories.tell_apart(
        predict(work.model, shown, work.recipe.size).embedding, [photo.category for photo in shown]
    )

    def without(part: str, its: bool) -> Predictions:
        said = work.said_of(part)
        chosen = np.array([
            photo.source == source if its else photo.source != source for photo in said.photos
        ])
        rest = said.where(chosen)
        return dataclasses.replace(rest, category=rest.embedding @ weights + biases)

    limit = categories.rule(without("calibration", its=False), work.categories)
    truth, probability = categories.of_claims(without("test", its=True), work.categories)
    claimed = probability[np.arange(len(truth)), truth]
    return {
        "n": len(truth),
        "right_claims_flagged": float((claimed < limit["minimum_probability"]).mean()),
    }


def _accuracy(right: np.ndarray, groups: np.ndarray) -> figures.Interval:
    return figures.with_interval(lambda each, _: float(each.mean()), right, right, groups)
