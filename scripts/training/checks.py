"""What is wrong with the labels, looked for before anything is trained.

1. The same picture in two groups: it could stand in training and in the test.
2. The same picture, or one group, with labels that contradict each other.
3. Labels that are probably wrong, by confident learning (Northcutt, Jiang and Chuang 2021, arXiv
   1911.00068): a model that never saw the photo's group is surer of the other label than it usually is
   of photos that carry that label.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from .catalogue import Photo, part

SAME_BITS = 2
"""Pictures whose difference hashes differ in so many of 64 bits count as the same."""
FLAT_BITS = 12
"""A hash with fewer ones, or fewer zeros, than this comes from a picture without structure."""
FOLDS = 5
STRENGTH = 2.0
"""C of the logistic regression, over the number of photos."""
SHEET_PHOTOS = 60
TILE = 150


@dataclass(frozen=True)
class Suspect:
    """A photo whose label a model that never saw its group contradicts."""

    name: str
    damaged: bool
    """As labelled."""
    probability: float
    """Of the other label."""


def difference_hash(image: Image.Image) -> int:
    """64 bits: whether each of 8 by 8 places is lighter than its right neighbour."""
    small = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.BOX), np.int16)
    bits = (small[:, :-1] > small[:, 1:]).ravel()
    return int(np.packbits(bits).view(">u8")[0])


def same_pictures(hashes: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of rows whose hashes (uint64) differ in at most `SAME_BITS` bits."""
    ones = np.bitwise_count(hashes)
    structured = (ones >= FLAT_BITS) & (ones <= 64 - FLAT_BITS)
    pairs = []
    for row in np.flatnonzero(structured):
        near = np.bitwise_count(hashes[row + 1 :] ^ hashes[row]) <= SAME_BITS
        pairs += [(int(row), int(row + 1 + other)) for other in np.flatnonzero(near)]
    return pairs


def straddling(photos: list[Photo], pairs: list[tuple[int, int]], salt: str) -> list[list[str]]:
    """Pairs of the same picture that the split puts into two parts."""
    return [
        [photos[one].name, photos[other].name] for one, other in pairs
        if part(photos[one], salt) != part(photos[other], salt)
    ]


def conflicts(photos: list[Photo], pairs: list[tuple[int, int]]) -> dict[str, list[list[str]]]:
    """Groups and pairs of the same picture that are called damaged and intact, or get grades two
    or more levels apart."""
    bundles: dict[str, list[Photo]] = defaultdict(list)
    for photo in photos:
        bundles[photo.group].append(photo)
    together = [*bundles.values(), *([photos[one], photos[other]] for one, other in pairs)]
    found: dict[str, list[list[str]]] = {"damaged_and_intact": [], "grades_two_apart": []}
    for several in together:
        names = sorted({photo.name for photo in several})
        grades = [photo.severity for photo in several if photo.severity is not None]
        if len({photo.damaged for photo in several}) > 1:
            kind = "damaged_and_intact"
        elif grades and max(grades) - min(grades) >= 2:
            kind = "grades_two_apart"
        else:
            continue
        if names not in found[kind]:
            found[kind].append(names)
    return found


def out_of_sample(
    features: np.ndarray, damaged: np.ndarray, groups: np.ndarray, seed: int
) -> np.ndarray:
    """P(damaged) of each row by a logistic regression that saw no row of its group."""
    _, number = np.unique(groups, return_inverse=True)
    fold = np.random.default_rng([seed, 6]).integers(0, FOLDS, number.max() + 1)[number]
    result = np.zeros(len(damaged))
    for each in range(FOLDS):
        held_back = fold == each
        known = ~held_back
        regression = LogisticRegression(C=STRENGTH / known.sum(), max_iter=150)
        machine = make_pipeline(StandardScaler(), regression)
        machine.fit(features[known], damaged[known])
        result[held_back] = machine.predict_proba(features[held_back])[:, 1]
    return result


def suspects(photos: list[Photo], probability: np.ndarray) -> list[Suspect]:
    """Probably wrong labels, the surest first.

    The threshold of a label is the mean probability of it among the photos that carry it; a photo is
    suspect if the other label passes its threshold and is the likelier one.
    """
    damaged = np.array([photo.damaged for photo in photos])
    threshold = {
        True: float(probability[damaged].mean()), False: float(1 - probability[~damaged].mean()),
    }
    found = []
    for photo, value in zip(photos, probability):
        other = float(1 - value if photo.damaged else value)
        if other >= threshold[not photo.damaged] and other > 0.5:
            found.append(Suspect(photo.name, photo.damaged, round(other, 4)))
    return sorted(found, key=lambda each: -each.probability)


def check(photos: list[Photo], features: np.ndarray, salt: str, seed: int) -> dict[str, Any]:
    """All findings about the photos; `features` has a row for each."""
    hashes = []
    for photo in photos:
        with Image.open(photo.path) as file:
            hashes.append(difference_hash(file))
    pairs = same_pictures(np.array(hashes, np.uint64))
    damaged = np.array([photo.damaged for photo in photos])
    groups = np.array([photo.group for photo in photos])
    found = suspects(photos, out_of_sample(features, damaged, groups, seed))
    return {
        "photos": len(photos),
        "same_picture_in_two_groups": [
            [photos[one].name, photos[other].name] for one, other in pairs
            if photos[one].group != photos[other].group
        ],
        "same_picture_in_two_parts": straddling(photos, pairs, salt),
        **conflicts(photos, pairs),
        "suspects": [[each.name, each.damaged, each.probability] for each in found],
    }


def sheet(photos: list[Photo], findings: dict[str, Any], path: Path) -> None:
    """The surest suspects as one picture to look at: red frame labelled damaged, green intact."""
    paths = {photo.name: photo.path for photo in photos}
    rows = findings["suspects"][:SHEET_PHOTOS]
    across = 10
    page = Image.new("RGB", (across * TILE, max(1, -(-len(rows) // across)) * (TILE + 14)), "white")
    pen = ImageDraw.Draw(page)
    for number, (name, damaged, probability) in enumerate(rows):
        left, top = number % across * TILE, number // across * (TILE + 14)
        with Image.open(paths[name]) as file:
            page.paste(file.convert("RGB").resize((TILE - 6, TILE - 6)), (left + 3, top + 3))
        colour = (200, 0, 0) if damaged else (0, 130, 0)
        pen.rectangle((left, top, left + TILE - 1, top + TILE - 1), outline=colour, width=3)
        other = "intact" if damaged else "damaged"
        pen.text((left + 3, top + TILE), f"{number + 1}: {other} {probability:.0%}", fill="black")
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path)
