"""Every kind of wrong label is planted and must be found, and nothing else."""

from __future__ import annotations

import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from .. import checks
from ..catalogue import Photo, part

SALT = "salt"


def photo(name: str, damaged: bool, group: str = "", severity: int | None = None) -> Photo:
    return Photo(
        path=Path(name), name=name, source="made", licence="ours", category="box",
        group=group or name, width=300, height=200, damaged=damaged,
        severity=severity if damaged else 0, types=None if damaged else (), background="",
    )


def picture(seed: int) -> Image.Image:
    cells = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize((120, 120), Image.Resampling.BICUBIC)


class SamePictures(unittest.TestCase):
    def test_a_copy_that_was_resized_is_found_and_others_are_not(self) -> None:
        pictures = [picture(seed) for seed in range(40)]
        pictures.append(pictures[3].resize((80, 95), Image.Resampling.BILINEAR))
        hashes = np.array([checks.difference_hash(each) for each in pictures], np.uint64)
        self.assertEqual(checks.same_pictures(hashes), [(3, 40)])

    def test_pictures_without_structure_are_not_called_the_same(self) -> None:
        flat = checks.difference_hash(Image.new("RGB", (50, 50), "white"))
        self.assertEqual(checks.same_pictures(np.array([flat, flat], np.uint64)), [])

    def test_only_pairs_in_two_parts_of_the_split_straddle(self) -> None:
        names = [f"photo {number}" for number in range(60)]
        photos = [photo(name, False) for name in names]
        first = part(photos[0], SALT)
        same = next(n for n in range(1, 60) if part(photos[n], SALT) == first)
        other = next(n for n in range(1, 60) if part(photos[n], SALT) != first)
        found = checks.straddling(photos, [(0, same), (0, other)], SALT)
        self.assertEqual(found, [[names[0], names[other]]])


class Conflicts(unittest.TestCase):
    def test_contradicting_labels_in_a_group_or_of_one_picture_are_found_once(self) -> None:
        photos = [
            photo("a", True, "one", 1), photo("b", False, "one"),
            photo("c", True, "two", 1), photo("d", True, "two", 3),
            photo("e", True, "three", 2), photo("f", True, "three", 3),
            photo("g", False), photo("h", True, severity=2),
        ]
        found = checks.conflicts(photos, [(0, 1), (6, 7)])
        self.assertEqual(found["damaged_and_intact"], [["a", "b"], ["g", "h"]])
        self.assertEqual(found["grades_two_apart"], [["c", "d"]])


class Suspects(unittest.TestCase):
    def test_planted_wrong_labels_come_first(self) -> None:
        random = np.random.default_rng(7)
        truth = np.arange(400) % 2 == 0
        features = random.normal(0, 1, (400, 64)) + 0.8 * truth[:, None]
        labels = truth.copy()
        wrong = [11, 50, 200, 333]
        labels[wrong] = ~labels[wrong]
        photos = [photo(str(number), bool(label)) for number, label in enumerate(labels)]
        groups = np.array([each.group for each in photos])
        probability = checks.out_of_sample(features, labels, groups, seed=1)
        found = checks.suspects(photos, probability)
        self.assertEqual({int(each.name) for each in found[:4]}, set(wrong))
        self.assertLess(len(found), 12)

    def test_a_group_never_judges_itself(self) -> None:
        random = np.random.default_rng(8)
        features = random.normal(0, 1, (200, 300))
        labels = random.random(200) < 0.5
        groups = np.repeat(np.arange(100), 2)
        features[1::2], labels[1::2] = features[::2], labels[::2]
        probability = checks.out_of_sample(features, labels, groups, seed=1)
        agrees = ((probability > 0.5) == labels).mean()
        self.assertLess(agrees, 0.7, "noise can be known only by having seen its twin")


if __name__ == "__main__":
    unittest.main()
