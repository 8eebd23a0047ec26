"""Rendered pairs of goods, intact and damaged, as photos to train on; see render.py."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image

from ..catalogue import Photo
from ..recipe import RENDERED_PAIRS

SOURCE = "rendered"
SIDE = 288
LEAST_CHANGE = 20.0
LEAST_SHARE = 0.003
"""Of the pixels, in which a channel differs by more than `LEAST_CHANGE` of 255 between the pictures of a
pair. Less can hardly be seen."""


def read(folder: Path) -> list[Photo]:
    """The pairs that the recipe asks for. How severe the damage looks is not stated: how hard a
    parcel was hit is known, not what a person would say of it. Pairs whose damage can
    hardly be seen are left out.

    Raises: FileNotFoundError where a pair has not been rendered.
    """
    photos = []
    for category, pairs in RENDERED_PAIRS.items():
        for number in range(pairs):
            stem = folder / category / f"{number:05d}"
            facts = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
            if not visible(stem):
                continue
            for state in ("intact", "damaged"):
                photos.append(_photo(stem, category, state, tuple(facts["types"])))
    return photos


def digest(pairs: list[Photo]) -> str:
    """SHA-256 over the pictures, to say which renderings a model saw."""
    sums = (hashlib.sha256(photo.path.read_bytes()).hexdigest() for photo in pairs)
    return hashlib.sha256("\n".join(sums).encode()).hexdigest()


def visible(stem: Path) -> bool:
    intact, damaged = (
        np.asarray(Image.open(stem.with_name(f"{stem.name}-{state}.jpg")), np.float32)
        for state in ("intact", "damaged")
    )
    changed = np.abs(intact - damaged).max(axis=2) > LEAST_CHANGE
    return bool(changed.mean() > LEAST_SHARE)


def _photo(stem: Path, category: str, state: str, types: tuple[str, ...]) -> Photo:
    damaged = state == "damaged"
    return Photo(
        path=stem.with_name(f"{stem.name}-{state}.jpg"),
        name=f"{SOURCE}/{category}/{stem.name}-{state}.jpg",
        source=SOURCE,
        licence="ours",
        category=category,
        group=f"{SOURCE}-{category}-{stem.name}",
        width=SIDE,
        height=SIDE,
        damaged=damaged,
        severity=None if damaged else 0,
        types=types if damaged else (),
        background="rendered",
    )
