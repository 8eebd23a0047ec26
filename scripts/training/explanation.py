"""Does the map point at what the score was made from, and at the damage?

A picture is cut into the 7 by 7 patches of the map. A deleted patch shows the picture's own blur, or, where an
intact twin of the picture exists, the twin. Three questions: does deleting the marked region lower the evidence
more than deleting any other region of the same size; how does the probability fall and rise when patches go
or come in the map's order; does the strongest patch lie on the damage.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from PIL import Image, ImageFilter

from . import figures, rendered, views
from .catalogue import Photo
from .export import session, sha256
from .predictions import prepared, sigmoid
from .recipe import FIRST_UNSEEN, UNSEEN_PAIRS
from .steps import Work, few, read, write

PHOTOS = 80
DRAWN = 40
ACROSS = 7
WINDOW = 3
"""Patches along a side of the region that is deleted: 96 of 224 pixels."""
STEP = 7
BLUR = 24


@dataclass
class Case:
    """A picture of damaged goods at the network's size."""

    kind: str
    name: str
    group: str
    pixels: np.ndarray
    instead: np.ndarray
    """What deleted patches show."""
    mask: np.ndarray | None
    """[S,S] where the damage is; None where nobody marked it."""


def study(work: Work) -> None:
    """Writes deletion, insertion and pointing figures with intervals over groups."""
    kept = work.cache / "explanation.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    model = sha256(work.model)[:12]
    rows = json.loads(kept.read_text()) if kept.exists() else {}
    network = session(work.model, threads=1)
    temperature = read(work.paper("calibration"))["severity"]["temperatures"][0]
    chosen = []
    for case in _cases(work):
        key = f"{model} {case.name}"
        if key not in rows:
            rows[key] = {"kind": case.kind, "group": case.group} | _measure(
                network, case, temperature, work.recipe.seed
            )
            kept.write_text(json.dumps(rows))
        chosen.append(rows[key])
    kinds = sorted({row["kind"] for row in chosen})
    write(work.paper("explanation"), {
        "patches": ACROSS * ACROSS, "region": WINDOW * WINDOW, "blur": BLUR,
        "by_kind": {
            kind: _figures([row for row in chosen if row["kind"] == kind]) for kind in kinds
        },
    })


def _cases(work: Work) -> Iterator[Case]:
    """Real damaged test photos, intact ones drawn upon, and rendered pairs it never saw."""
    size = work.recipe.size
    test = work.parts["test"]
    for photo in few([each for each in test if each.damaged], PHOTOS):
        pixels = views.plain(photo, size)
        yield Case("real damage", photo.name, photo.group, pixels, _blurred(pixels), None)
    for photo in few([each for each in test if not each.damaged], DRAWN):
        yield _drawn(photo, size, work.recipe.seed)
    folder = work.cache.parent / "rendered-unseen"
    for category, count in UNSEEN_PAIRS.items():
        for number in range(FIRST_UNSEEN, FIRST_UNSEEN + count):
            stem = folder / category / f"{number:05d}"
            if stem.with_suffix(".json").exists() and rendered.visible(stem):
                yield _rendered(stem, f"{category} {number}", size)


def _drawn(photo: Photo, size: int, seed: int) -> Case:
    random = np.random.default_rng([seed, zlib.crc32(photo.name.encode()), 4])
    intact = views.plain(photo, size)
    with Image.open(photo.path) as file:
        goods = views.goods_of(file.convert("RGB"))
    area = views.area_of(goods, size)
    before = intact.astype(np.float32)
    after, _ = views.visible_damage(before, photo.category, area, random)
    mask = np.abs(after - before).max(axis=2) > views.VISIBLE_CHANGE
    return Case("drawn damage", photo.name, photo.group, after.astype(np.uint8), intact, mask)


def _rendered(stem, name: str, size: int) -> Case:
    def shown(state: str) -> np.ndarray:
        with Image.open(stem.with_name(f"{stem.name}-{state}.jpg")) as file:
            return views.stretched(file.convert("RGB"), size)

    intact, damaged = shown("intact"), shown("damaged")
    changed = np.abs(damaged.astype(np.float32) - intact).max(axis=2)
    return Case(
        "rendered damage", name, name, damaged, intact, changed > rendered.LEAST_CHANGE
    )


def _measure(
    network: onnxruntime.InferenceSession, case: Case, temperature: float, seed: int
) -> dict[str, Any]:
    def run(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        severity, patches = network.run(
            ["severity_logits", "damage_map"], {"pixels": prepared(pixels)}
        )
        return severity[:, 0], patches[:, 0]

    def mixed(kept: np.ndarray) -> np.ndarray:
        """One picture for each row [49] of patches that are kept."""
        side = len(case.pixels) // ACROSS
        shown = kept.reshape(-1, ACROSS, ACROSS).repeat(side, axis=1).repeat(side, axis=2)
        return np.where(shown[..., None], case.pixels, case.instead)

    (whole,), (patches,) = run(case.pixels[None])
    windows = np.lib.stride_tricks.sliding_window_view(patches, (WINDOW, WINDOW))
    marked = int(windows.sum(axis=(2, 3)).argmax())
    drops = whole - run(mixed(_all_but_each_window()))[0]
    random = np.random.default_rng([seed, zlib.crc32(case.name.encode()), 5])
    orders = {
        "map": np.argsort(-patches.ravel(), kind="stable"),
        "random": random.permutation(ACROSS * ACROSS),
    }
    found: dict[str, Any] = {
        "says_damaged": bool(whole >= 0),
        "drop_marked": float(drops[marked]),
        "drop_others": float(np.delete(drops, marked).mean()),
        "others_below": float((np.delete(drops, marked) < drops[marked]).mean()),
        "is_greatest": bool(drops.argmax() == marked),
    }
    for name, order in orders.items():
        gone = np.stack([_first(order, count) for count in range(0, ACROSS**2 + 1, STEP)])
        for way, kept in (("deletion", ~gone), ("insertion", gone)):
            found[f"{way}_{name}"] = sigmoid(run(mixed(kept))[0] / temperature).tolist()
    return found | _pointing(case.mask, patches)


def _pointing(mask: np.ndarray | None, patches: np.ndarray) -> dict[str, Any]:
    if mask is None:
        return {}
    side = len(mask) // ACROSS
    touched = mask.reshape(ACROSS, side, ACROSS, side).mean(axis=(1, 3)) > 0.01
    return {
        "hit": bool(touched.ravel()[patches.argmax()]),
        "chance": float(touched.mean()),
        "patch_auroc": figures.auroc(touched.ravel(), patches.ravel()),
    }


def _all_but_each_window() -> np.ndarray:
    """[25,49]: every patch but those of one window."""
    rows = []
    for top in range(ACROSS - WINDOW + 1):
        for left in range(ACROSS - WINDOW + 1):
            kept = np.ones((ACROSS, ACROSS), bool)
            kept[top : top + WINDOW, left : left + WINDOW] = False
            rows.append(kept.ravel())
    return np.stack(rows)


def _first(order: np.ndarray, count: int) -> np.ndarray:
    chosen = np.zeros(len(order), bool)
    chosen[order[:count]] = True
    return chosen


def _blurred(pixels: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(BLUR)))


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Only pictures that the model calls damaged have a map that is shown."""
    shown = [row for row in rows if row["says_damaged"]]
    assert shown, "no picture of this kind is called damaged"
    groups = np.array([row["group"] for row in shown])

    def mean(values) -> figures.Interval:
        values = np.array(list(values), float)
        return figures.with_interval(
            lambda each, _: float(each.mean()), values, values, groups
        )

    result: dict[str, Any] = {
        "pictures": len(rows),
        "called_damaged": len(shown),
        "drop_marked": mean(row["drop_marked"] for row in shown),
        "drop_others": mean(row["drop_others"] for row in shown),
        "others_below": mean(row["others_below"] for row in shown),
        "is_greatest": mean(row["is_greatest"] for row in shown),
        "curves": {},
    }
    for name in ("map", "random"):
        for way in ("deletion", "insertion"):
            curves = np.array([row[f"{way}_{name}"] for row in shown])
            areas = (curves[:, 1:] + curves[:, :-1]).mean(axis=1) / 2
            result["curves"][f"{way}_{name}"] = {
                "area": mean(areas), "mean": [round(each, 4) for each in curves.mean(axis=0)],
            }
    if "hit" in shown[0]:
        known = [row for row in shown if row["patch_auroc"] is not None]
        result["hit"] = mean(row["hit"] for row in shown)
        result["chance"] = mean(row["chance"] for row in shown)
        result["mean_patch_auroc"] = float(np.mean([row["patch_auroc"] for row in known]))
    return result
