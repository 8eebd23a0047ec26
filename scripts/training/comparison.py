"""What each ingredient of the recipe adds, and what chance does: the same short training again and again.

Every line is trained three times, each time without some sources, and judged on all their usable photos.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from . import figures, store
from .catalogue import Photo
from .fit import Fitted, fit
from .recipe import INGREDIENTS, Recipe
from .rendered import SOURCE as RENDERED
from .steps import Work, digest_of, read, write

LEFT_OUT = (("packages_di", "phones_nanonets"), ("car_mzaim",), ("lensor",))
"""Together in one training; boxes and phones have nothing in common."""
BATCH = 64


@dataclass(frozen=True)
class Line:
    """A training to compare: the recipe, changed."""

    name: str
    missing: tuple[str, ...] = ()
    """Of `INGREDIENTS`."""
    seed: int = 0
    """Added to the recipe's."""
    linear_start: bool = True

    def recipe(self, base: Recipe) -> Recipe:
        in_views = tuple(each for each in self.missing if each != "rendered pairs")
        return dataclasses.replace(
            base, passes=1, epochs=1, seed=base.seed + self.seed, without=in_views,
            probe_strength=base.probe_strength if self.linear_start else 0.0,
        )


ADDED = ("crop, light and camera", "new backgrounds", "drawn damage", "covered goods")
PLAIN = Line("a plain fine-tune: heads at random, all the way", INGREDIENTS, linear_start=False)
RECIPE = Line("with rendered pairs: the recipe")
LINES = (
    PLAIN,
    Line("heads from a linear answer, 65 % of the way", INGREDIENTS),
    *(
        Line(
            f"with {name}",
            tuple(each for each in INGREDIENTS if each not in ADDED[: number + 1]),
        )
        for number, name in enumerate(ADDED)
    ),
    RECIPE,
    Line("the recipe, second seed", seed=1),
    Line("the recipe, third seed", seed=2),
)


def study(work: Work) -> None:
    """Writes a line after the other; those of an interrupted run are not trained again."""
    paper = work.paper("comparison")
    protocol = digest_of({"recipe": dataclasses.asdict(work.recipe), "lines": str(LINES)})
    found = read(paper) if paper.exists() else {}
    if found.get("protocol") != protocol:
        found = {"protocol": protocol, "lines": {}}
    photos = [
        photo for part in work.parts.values() for photo in part
        if any(photo.source in sources for sources in LEFT_OUT)
    ]
    known = [
        photo for photo in work.parts["calibration"]
        if not any(photo.source in sources for sources in LEFT_OUT[0])
    ]
    judged = _Judged(work, photos), _Judged(work, known)
    for line in LINES:
        if line.name not in found["lines"]:
            for name, result in _measured(work, line, *judged).items():
                print(name, result["macro"], flush=True)
                found["lines"][name] = result
            write(paper, found)


class _Judged:
    """Photos as the frozen layers see them, computed once."""

    def __init__(self, work: Work, photos: list[Photo]) -> None:
        self.photos = photos
        self.truth = np.array([photo.damaged for photo in photos])
        self.groups = np.array([photo.group for photo in photos])
        self.sources = np.array([photo.source for photo in photos])
        self.early = store.early_of(photos, work.recipe.size, work.device)

    def scores(self, fitted: Fitted, trained_share: float, rows: np.ndarray) -> np.ndarray:
        network = fitted.network(trained_share).to(memory_format=torch.channels_last)
        with torch.no_grad():
            return np.concatenate([
                network.from_early(self.early[some].float()).severity[:, 0].numpy()
                for some in np.array_split(rows, max(1, len(rows) // BATCH))
            ])


def _measured(
    work: Work, line: Line, foreign: _Judged, known: _Judged
) -> dict[str, dict[str, Any]]:
    """By name: the line, and for the recipe what its start and its end would have given."""
    recipe = line.recipe(work.recipe)
    paired = "rendered pairs" not in line.missing
    photos = work.trained_on if paired else work.parts["train"]
    folder = work.cache / "views"
    folder = folder / "0" if recipe.seed == work.recipe.seed and paired else (
        work.cache / "comparison" / digest_of({"recipe": str(recipe.without), "seed": recipe.seed})
    )
    views = store.build(folder, photos, recipe, 0, work.device, work.workers)
    shares = {line.name: recipe.trained_share if line.linear_start else 1.0}
    if line is RECIPE:
        shares |= {"the recipe, linear answer alone": 0.0, "the recipe, all the way": 1.0}
    found: dict[str, dict[str, Any]] = {name: {"sources": {}} for name in shares}
    sets: dict[str, list[tuple[np.ndarray, ...]]] = {name: [] for name in shares}
    for sources in LEFT_OUT:
        fitted = fit([views], recipe, work.device, sources)
        for name, share in shares.items():
            for source in sources:
                rows = np.flatnonzero(foreign.sources == source)
                several = (
                    foreign.truth[rows], foreign.scores(fitted, share, rows), foreign.groups[rows]
                )
                sets[name].append(several)
                found[name]["sources"][source] = figures.with_interval(figures.auroc, *several)
            if sources == LEFT_OUT[0]:
                score = known.scores(fitted, share, np.arange(len(known.photos)))
                found[name]["held_back"] = figures.with_interval(
                    figures.auroc, known.truth, score, known.groups
                )
    for name in shares:
        found[name]["macro"] = figures.macro_with_interval(figures.auroc, sets[name])
        found[name]["views"] = len(views)
    return found
