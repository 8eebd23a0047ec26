"""What a model that does not look, or that never learned damage, would score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from . import frozen
from .catalogue import Photo


def without_pixels(train: list[Photo], test: list[Photo], source: bool = True) -> np.ndarray:
    """Scores from category, size and (where told) source alone, by boosted trees."""
    names = sorted({(p.category, p.source if source else "") for p in train})

    def described(photos: list[Photo]) -> np.ndarray:
        keys = [(p.category, p.source if source else "") for p in photos]
        kinds = np.array([[float(key == name) for name in names] for key in keys])
        sizes = np.array([[p.width, p.height, p.width / p.height] for p in photos])
        return np.hstack([kinds, sizes])

    trees = HistGradientBoostingClassifier(max_iter=100, random_state=1)
    trees.fit(described(train), [photo.damaged for photo in train])
    return trees.predict_proba(described(test))[:, 1]


def frozen_features(
    train: list[Photo], test: list[Photo], size: int, cache: Path
) -> np.ndarray:
    """Scores of a logistic regression on ImageNet features of plain photos."""
    machine = make_pipeline(StandardScaler(), LogisticRegression(C=0.003, max_iter=300))
    machine.fit(frozen.features(train, size, cache), [photo.damaged for photo in train])
    return machine.predict_proba(frozen.features(test, size, cache))[:, 1]
