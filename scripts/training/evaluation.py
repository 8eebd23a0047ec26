"""The figures of the model card, all from the shipped .onnx and the test split."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance
from sklearn.metrics import average_precision_score

from . import calibration, covers, figures, synthetic, views
from .catalogue import SINGLE_TYPE_SOURCES, Photo
from .predictions import (
    Predictions, outcome_probabilities, predict, probabilities, sigmoid, true_outcomes,
)
from .recipe import OUTCOMES, TYPES
from .views import Change

LEAST_POSITIVES = 5


def measure(test: Predictions, temperatures: list[float]) -> dict[str, Any]:
    """Everything that one pass over the test photos can say."""
    score = sigmoid(test.severity[:, 0] / temperatures[0])
    return {
        "n": len(test.photos),
        "damaged_auroc": {
            "all": _auroc(test, score, np.ones(len(score), bool)),
            "by_category": _by(test, score, lambda photo: photo.category),
            "by_source": _by(test, score, lambda photo: photo.source),
        },
        "at_one_half": _rates(test, score),
        "damaged_calibration_error": figures.calibration_error(
            np.maximum(score, 1 - score), (score >= 0.5) == test.damaged
        ),
        "outcome": calibration.outcome_metrics(test, temperatures),
        "outcome_uncalibrated": calibration.outcome_metrics(test, [1.0, 1.0, 1.0]),
        "risk_at_coverage": _risk(test, temperatures),
        "vehicle_severity": _vehicle_severity(test, temperatures),
        "type_average_precision": _types(test),
    }


def auroc_of(test: Predictions, score: np.ndarray) -> figures.Interval:
    """The AUROC of any other score on the same photos, for baselines."""
    return _auroc(test, score, np.ones(len(score), bool))


def changes() -> dict[str, Callable[[Image.Image], Image.Image]]:
    """Changes that should not change the decision."""
    return {
        "darker by 30 %": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
        "brighter by 30 %": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
        "warmer light": lambda image: _white_balance(image, (1.15, 1.0, 0.85)),
        "turned by 90 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_90),
        "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        "half the pixels": lambda image: image.reduce(2),
        "JPEG quality 25": _poor_jpeg,
    }


def flips(before: Predictions, after: Predictions) -> dict[str, float | int]:
    """How often "damaged or not" turned over, and how often "damaged" was said afterwards."""
    first, second = before.severity[:, 0] > 0, after.severity[:, 0] > 0
    return {
        "n": len(first),
        "flipped": float((first != second).mean()),
        "said_damaged_before": float(first.mean()),
        "said_damaged_after": float(second.mean()),
    }


def covered(kinds: dict[str, covers.Cover]) -> dict[str, Change]:
    """Covers as changes of a photo; the same photo is covered in the same way each time."""

    def change(cover: covers.Cover) -> Change:
        def covered(image: Image.Image) -> Image.Image:
            return cover(image, np.random.default_rng(zlib.crc32(image.tobytes())))

        return covered

    return {name: change(cover) for name, cover in kinds.items()}


def certainty(said: Predictions, document: dict[str, Any]) -> dict[str, float | int]:
    """How often damage is seen, a photo is unfamiliar, and a machine may decide, by the calibration."""
    novelty = document["novelty"]
    distances, shares = np.array(novelty["quantiles"]).T
    unfamiliar = np.interp(said.distance, distances, shares) >= novelty["threshold"]
    severities = probabilities(said.severity, document["severity"]["temperatures"])
    outcomes = outcome_probabilities(severities)
    decided = np.zeros(len(unfamiliar), bool)
    categories = np.array([photo.category for photo in said.photos])
    for entry in document["automated"]:
        for name, bound in entry["outcomes"].items():
            index = OUTCOMES.index(name)
            decided |= (
                (categories == entry["category"]) & (outcomes.argmax(axis=1) == index)
                & (outcomes[:, index] >= bound["threshold"])
            )
    return {
        "n": len(unfamiliar),
        "damaged": float((severities[:, 0] < 0.5).mean()),
        "unfamiliar": float(unfamiliar.mean()),
        "sure_enough": float(decided.mean()),
        "decided": float((decided & ~unfamiliar).mean()),
    }


def twins(
    model: Path, photos: list[Photo], size: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """a1 of intact photos, and of the same photos with damage drawn on them."""
    everywhere = np.ones((size, size), np.float32)

    def drawn_upon(image: Image.Image) -> Image.Image:
        random = np.random.default_rng([seed, zlib.crc32(image.tobytes())])
        picture = views.stretched(image, size).astype(np.float32)
        category = photos[0].category
        picture, _, _ = synthetic.damage(picture, category, everywhere, random)
        return Image.fromarray(picture.astype(np.uint8))

    intact = predict(model, photos, size)
    drawn = predict(model, photos, size, drawn_upon)
    return intact.severity[:, 0], drawn.severity[:, 0]


def _by(test: Predictions, score: np.ndarray, key: Callable) -> dict[str, figures.Interval]:
    keys = np.array([key(photo) for photo in test.photos])
    return {name: _auroc(test, score, keys == name) for name in sorted(set(keys))}


def _auroc(test: Predictions, score: np.ndarray, rows: np.ndarray) -> figures.Interval:
    groups = np.array([photo.group for photo in test.photos])
    return figures.with_interval(
        figures.auroc, test.damaged[rows], score[rows], groups[rows]
    )


def _rates(test: Predictions, score: np.ndarray) -> dict[str, dict[str, float | int | None]]:
    """Recall of damage and false alarms per category when 0.5 decides."""
    categories = np.array([photo.category for photo in test.photos])
    result = {}
    for name in sorted(set(categories)):
        damaged = (categories == name) & test.damaged
        intact = (categories == name) & ~test.damaged
        result[name] = {
            "damaged": int(damaged.sum()),
            "intact": int(intact.sum()),
            "recall": float((score[damaged] >= 0.5).mean()) if damaged.any() else None,
            "false_alarms": float((score[intact] >= 0.5).mean()) if intact.any() else None,
        }
    return result


def _risk(test: Predictions, temperatures: list[float]) -> dict[str, float]:
    truth = true_outcomes(test.photos)
    known = truth >= 0
    outcomes = outcome_probabilities(probabilities(test.severity, temperatures))[known]
    return figures.risk_at_coverage(outcomes.max(axis=1), outcomes.argmax(axis=1) == truth[known])


def _vehicle_severity(test: Predictions, temperatures: list[float]) -> dict[str, Any]:
    chosen = np.array(
        [p.category == "vehicle" and p.severity is not None for p in test.photos], bool
    )
    few = test.where(chosen)
    truth = np.array([photo.severity for photo in few.photos])
    guess = probabilities(few.severity, temperatures).argmax(axis=1)
    table = np.zeros((4, 4), int)
    np.add.at(table, (truth, guess), 1)
    groups = np.array([photo.group for photo in few.photos])
    return {
        "accuracy": float((truth == guess).mean()),
        "within_one_level": float((np.abs(truth - guess) <= 1).mean()),
        "quadratic_kappa": figures.with_interval(
            figures.quadratic_kappa, truth, guess, groups
        ),
        "rows_truth_columns_guess": table.tolist(),
    }


def _types(test: Predictions) -> dict[str, dict[str, float | int | None]]:
    """Average precision where all types of a photo are known."""
    chosen = np.array(
        [p.types is not None and p.source not in SINGLE_TYPE_SOURCES for p in test.photos]
    )
    few = test.where(chosen)
    result: dict[str, dict[str, float | int | None]] = {}
    for index, name in enumerate(TYPES):
        present = np.array([name in (photo.types or ()) for photo in few.photos])
        enough = present.sum() >= LEAST_POSITIVES
        result[name] = {
            "positives": int(present.sum()),
            "n": len(present),
            "average_precision": (
                float(average_precision_score(present, few.types[:, index])) if enough else None
            ),
        }
    return result


def _white_balance(image: Image.Image, gains: tuple[float, float, float]) -> Image.Image:
    bands = [
        band.point(lambda value, gain=gain: min(255, int(value * gain)))
        for band, gain in zip(image.split(), gains)
    ]
    return Image.merge("RGB", bands)


def _poor_jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=25)
    return Image.open(buffer).convert("RGB")
