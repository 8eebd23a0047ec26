"""What kind of goods a photo shows: a linear answer on the embedding.

An order that states another category than the photo shows is a reason to look, for what a machine may
decide alone was proven category by category.
"""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from .catalogue import Photo
from .predictions import Predictions

STRENGTH = 0.003
"""C of the logistic regression on standardised features."""
MOST_OF_EACH = 900
FLAGGED = 0.01
"""The share of held-back photos that may lie below the threshold although their category is right."""


def names_of(photos: list[Photo]) -> list[str]:
    """The categories in the order of the output."""
    return sorted({photo.category for photo in photos})


def tell_apart(embeddings: np.ndarray, categories: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Weights [1280,K] and biases [K] of logits in the order of `names_of`; each category weighs the
    same."""
    names = sorted(set(categories))
    if len(names) == 1:
        return np.zeros((embeddings.shape[1], 1)), np.zeros(1)
    scaler = StandardScaler().fit(embeddings)
    machine = LogisticRegression(C=STRENGTH, max_iter=300, class_weight="balanced")
    machine.fit(scaler.transform(embeddings), categories)
    slopes, offsets = machine.coef_, machine.intercept_
    if len(names) == 2:
        # The library keeps one logit for two classes.
        slopes = np.concatenate([-slopes, slopes]) / 2
        offsets = np.concatenate([-offsets, offsets]) / 2
    slopes = slopes / scaler.scale_
    return slopes.T, offsets - slopes @ scaler.mean_


def of_claims(said: Predictions, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The number of each photo's category, -1 for one that the model does not know, and the
    probabilities [N,K]."""
    truth = [photo.category for photo in said.photos]
    powers = np.exp(said.category - said.category.max(axis=1, keepdims=True))
    return (
        np.array([names.index(name) if name in names else -1 for name in truth]),
        powers / powers.sum(axis=1, keepdims=True),
    )


def rule(held_back: Predictions, names: list[str]) -> dict[str, float]:
    """The calibration's member `category`."""
    truth, probability = of_claims(held_back, names)
    claimed = probability[np.arange(len(truth)), truth][truth >= 0].astype(float)
    # Downwards, so that the share is kept.
    limit = np.floor(1e4 * np.quantile(claimed, FLAGGED, method="lower")) / 1e4
    return {
        "minimum_probability": float(limit),
        "flagged_share": round(float((claimed < limit).mean()), 5),
    }
