"""What the shipped .onnx says about photos, through ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import views
from .views import Change
from .catalogue import Photo
from .export import session
from .network import OUTPUT_NAMES
from .recipe import OUTCOME_OF_SEVERITY, OUTCOMES, PIXEL_MEAN, PIXEL_SCALE

BATCH = 16


@dataclass
class Predictions:
    """Raw outputs, one row a photo, beside the photos."""

    photos: list[Photo]
    severity: np.ndarray
    types: np.ndarray
    embedding: np.ndarray
    distance: np.ndarray
    category: np.ndarray

    @property
    def damaged(self) -> np.ndarray:
        return np.array([photo.damaged for photo in self.photos])

    def where(self, chosen: np.ndarray) -> Predictions:
        """The rows that a boolean or index array chooses."""
        rows = np.arange(len(self.photos))[chosen]
        return Predictions(
            [self.photos[row] for row in rows], self.severity[rows], self.types[rows],
            self.embedding[rows], self.distance[rows], self.category[rows],
        )


def predict(
    model: Path, photos: list[Photo], size: int, change: Change | None = None
) -> Predictions:
    """Runs the model on photos prepared as at run time; `change` alters a photo beforehand."""
    runner = session(model)
    parts: list[list[np.ndarray]] = []
    for values in _batches(photos, size, change):
        parts.append(runner.run(list(OUTPUT_NAMES), {"pixels": values}))
    severity, types, _, embedding, distance, category = (
        np.concatenate([part[index] for part in parts]) for index in range(len(OUTPUT_NAMES))
    )
    return Predictions(photos, severity, types, embedding, distance[:, 0], category)


def kept(file: Path, model: Path, photos: list[Photo], size: int) -> Predictions:
    """What the model says of photos, from a file where an earlier call left it there."""
    if not file.exists():
        said = predict(model, photos, size)
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_suffix(".part.npz")
        np.savez(
            partial, severity=said.severity, types=said.types, embedding=said.embedding,
            distance=said.distance, category=said.category,
        )
        partial.rename(file)
    with np.load(file) as rows:
        return Predictions(photos, **rows)


def probabilities(severity: np.ndarray, temperatures: list[float]) -> np.ndarray:
    """Continuation-ratio logits [N,3] to probabilities [N,4] of none, minor, moderate, severe."""
    steps = sigmoid(severity / np.array(temperatures))
    first, second, third = steps.T
    return np.stack(
        [1 - first, first * (1 - second), first * second * (1 - third), first * second * third],
        axis=1,
    )


def outcome_probabilities(severities: np.ndarray) -> np.ndarray:
    """[N,4] over severities to [N,3] over resell, refurbish, reject."""
    return np.stack(
        [
            severities[:, [name == outcome for name in OUTCOME_OF_SEVERITY]].sum(axis=1)
            for outcome in OUTCOMES
        ],
        axis=1,
    )


def true_outcomes(photos: list[Photo]) -> np.ndarray:
    """The number of the right outcome, or -1 where the severity of damage is unknown."""
    names = [None if p.severity is None else OUTCOME_OF_SEVERITY[p.severity] for p in photos]
    return np.array([-1 if name is None else OUTCOMES.index(name) for name in names])


def prepared(pixels: np.ndarray) -> np.ndarray:
    """uint8 [N,S,S,3] to what the network takes: (value - mean) * scale, [N,3,S,S]."""
    values = (pixels.astype(np.float32) - PIXEL_MEAN) * PIXEL_SCALE
    return np.ascontiguousarray(values.transpose(0, 3, 1, 2))


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(values, -60, 60)))


def _batches(
    photos: list[Photo], size: int, change: Change | None
) -> Iterator[np.ndarray]:
    with ThreadPoolExecutor(2) as pool:
        for start in range(0, len(photos), BATCH):
            some = photos[start : start + BATCH]
            pixels = np.stack(list(pool.map(lambda photo: views.plain(photo, size, change), some)))
            yield prepared(pixels)
