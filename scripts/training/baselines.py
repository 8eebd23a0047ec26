"""What a model that does not look, or that never learned damage, would score."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from . import views
from .backbone import pretrained
from .catalogue import Photo
from .store import normalised

BATCH = 16


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


def frozen_features(train: list[Photo], test: list[Photo], size: int) -> np.ndarray:
    """Scores of a logistic regression on ImageNet features of plain photos."""
    machine = make_pipeline(StandardScaler(), LogisticRegression(C=0.003, max_iter=300))
    machine.fit(imagenet_features(train, size), [photo.damaged for photo in train])
    return machine.predict_proba(imagenet_features(test, size))[:, 1]


def imagenet_features(photos: list[Photo], size: int) -> np.ndarray:
    """[n,1280] pooled features of the backbone as ImageNet left it."""
    network = pretrained().eval().to(memory_format=torch.channels_last)
    rows = []
    with torch.no_grad():
        for start in range(0, len(photos), BATCH):
            chunk = photos[start : start + BATCH]
            pixels = np.stack([views.plain(photo, size) for photo in chunk])
            rows.append(network(normalised(pixels)).mean(dim=(2, 3)).numpy())
    return np.concatenate(rows)
