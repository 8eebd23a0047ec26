"""The recipe beside simpler ones, and with each ingredient left out, by a cheap proxy.

The proxy: small views, one epoch over a few of them, three seeds; the frozen layers are done once. It
ranks recipes; its figures are lower than those of the shipped model. What a seed decides is
which views are taken, their order, and dropout.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from . import baselines, figures, store, views
from .backbone import pretrained
from .catalogue import Photo
from .fit import Fitted, fit
from .network import DamageNetwork
from .recipe import INGREDIENTS, Recipe
from .rendered import SOURCE as RENDERED
from .steps import Work, read, stores, write

SIZE = 96
VIEWS = 3000
SEEDS = 3
BATCH = 64
LEFT_OUT = (("packages_di", "phones_nanonets"), ("car_mzaim",))
"""Boxes and phones have little to do with one another: one training serves both."""
PLAIN = INGREDIENTS
KEEPS_VIEWS = ("rendered pairs", "covered goods")
"""Ingredients that are left out by leaving out rows; the views of the others stay as they are."""


@dataclass(frozen=True)
class Candidate:
    """A way to train, and how far to go from the starting weights."""

    name: str
    without: tuple[str, ...] = ()
    share: float | None = None
    """None: the recipe's."""
    linear_start: bool = True


CANDIDATES = (
    Candidate("logistic regression on frozen features, plain photos", PLAIN, 0.0),
    Candidate("plain fine-tune: plain photos, heads at random", PLAIN, 1.0, False),
    Candidate("plain photos, otherwise as the recipe", PLAIN),
    Candidate("the recipe"),
    Candidate("its starting point: logistic regression on its views", share=0.0),
    Candidate("trained all the way", share=1.0),
    Candidate("heads at random", linear_start=False),
    *(Candidate(f"without {name}", (name,)) for name in INGREDIENTS),
)


def compare(work: Work) -> None:
    """Trains every candidate and judges it on left-out sources and on the test part.

    Scores are kept in the cache: an interrupted comparison goes on where it was.
    """
    judged = _Judged(work)
    kept = work.cache / "comparison"
    kept.mkdir(parents=True, exist_ok=True)
    for seed in range(SEEDS):
        for recipe in _recipes(work.recipe):
            for left_out in (*LEFT_OUT, ()):
                file = kept / f"{_name(recipe)}.{'+'.join(left_out) or 'own'}.{seed}.npz"
                if not file.exists():
                    _train(work, recipe, left_out, seed, judged, file)
                    print(file.name, flush=True)
    rows = {each.name: _figures(each, work.recipe, kept, judged) for each in CANDIDATES}
    blind = {
        "pixel-free: category and size": _blind(work, judged),
    }
    write(work.paper("comparison"), {
        "protocol": {"size": SIZE, "views": VIEWS, "epochs": 1, "seeds": SEEDS},
        "rows": blind | rows,
    })


class _Judged:
    """The photos that candidates are judged on, taken through the frozen layers once."""

    def __init__(self, work: Work) -> None:
        everyone = [photo for part in work.parts.values() for photo in part]
        sources = [source for each in LEFT_OUT for source in each]
        self.photos = {
            source: [photo for photo in everyone if photo.source == source] for source in sources
        } | {"own": work.parts["test"]}
        network = pretrained().eval().to(memory_format=torch.channels_last)
        self.early: dict[str, torch.Tensor] = {}
        with torch.no_grad():
            for name, photos in self.photos.items():
                pixels = (views.plain(photo, SIZE) for photo in photos)
                rows = [network.early(store.normalised(each[None])) for each in pixels]
                self.early[name] = torch.cat(rows)

    def scores(self, network: DamageNetwork, name: str) -> np.ndarray:
        network = network.eval().to(memory_format=torch.channels_last)
        with torch.no_grad():
            parts = self.early[name].split(BATCH)
            return np.concatenate([network.from_early(part).severity[:, 0] for part in parts])


def _recipes(recipe: Recipe) -> list[Recipe]:
    """The trainings that the candidates need: they share those that differ in `share` alone."""
    return list(dict.fromkeys(_of(each, recipe) for each in CANDIDATES))


def _of(candidate: Candidate, recipe: Recipe) -> Recipe:
    return dataclasses.replace(
        recipe, size=SIZE, passes=1, epochs=1, without=candidate.without,
        probe_strength=recipe.probe_strength if candidate.linear_start else 0.0,
    )


def _name(recipe: Recipe) -> str:
    left = "plain" if recipe.without == PLAIN else "-".join(recipe.without) or "all"
    start = "linear" if recipe.probe_strength else "random"
    return f"{left}.{start}".replace(" ", "_").replace(",", "")


def _train(
    work: Work, recipe: Recipe, left_out: tuple[str, ...], seed: int, judged: _Judged, file
) -> None:
    chosen = _views(work, recipe)
    rows = np.flatnonzero(~np.isin(chosen.sources, left_out))
    rows = np.random.default_rng([recipe.seed, seed, 3]).permutation(rows)[:VIEWS]
    seeded = dataclasses.replace(recipe, seed=recipe.seed + seed)
    fitted = fit([chosen.where(np.sort(rows))], seeded, work.device)
    scores = {}
    for share in sorted({_share(each, recipe) for each in CANDIDATES}):
        network = fitted.network(share)
        for name in left_out or ("own",):
            scores[f"{name}@{share}"] = judged.scores(network, name)
    partial = file.with_suffix(".part.npz")
    np.savez(partial, **scores)
    partial.rename(file)


def _share(candidate: Candidate, recipe: Recipe) -> float:
    return recipe.trained_share if candidate.share is None else candidate.share


def _views(work: Work, recipe: Recipe) -> store.Store:
    """The views of a recipe, made once for all that differ from it in left-out rows alone."""
    stays = () if recipe.without == PLAIN else KEEPS_VIEWS
    kept = tuple(name for name in recipe.without if name not in stays)
    made = dataclasses.replace(recipe, without=kept)
    made = dataclasses.replace(made, probe_strength=work.recipe.probe_strength)
    folder = work.cache / "comparison" / _name(made)
    (views_of,) = stores(dataclasses.replace(work, recipe=made, cache=folder))
    keep = np.ones(len(views_of), bool)
    if "rendered pairs" in recipe.without:
        keep &= views_of.sources != RENDERED
    if "covered goods" in recipe.without:
        keep &= views_of.labels["damaged"] != 0.5
    return views_of.where(keep)


def _figures(
    candidate: Candidate, recipe: Recipe, kept, judged: _Judged
) -> dict[str, Any]:
    share = _share(candidate, recipe)
    columns: dict[str, list[np.ndarray]] = {name: [] for name in judged.photos}
    for left_out in (*LEFT_OUT, ()):
        for seed in range(SEEDS):
            stem = f"{_name(_of(candidate, recipe))}.{'+'.join(left_out) or 'own'}.{seed}.npz"
            with np.load(kept / stem) as file:
                for name in left_out or ("own",):
                    columns[name].append(file[f"{name}@{share}"])
    return _row({name: np.stack(each, axis=1) for name, each in columns.items()}, judged)


def _blind(work: Work, judged: _Judged) -> dict[str, Any]:
    scores = {}
    for name, photos in judged.photos.items():
        known = [photo for photo in work.parts["train"] if photo.source != name]
        scores[name] = baselines.without_pixels(known, photos, source=False)[:, None]
    return _row(scores, judged)


def _row(scores: dict[str, np.ndarray], judged: _Judged) -> dict[str, Any]:
    """Scores [n,seeds] to the mean AUROC of the seeds, with an interval over groups."""
    labelled = {
        name: (
            np.array([photo.damaged for photo in judged.photos[name]]), each,
            np.array([photo.group for photo in judged.photos[name]]),
        )
        for name, each in scores.items()
    }
    foreign = [each for name, each in labelled.items() if name != "own"]
    seeds = next(iter(scores.values())).shape[1]
    macro = [
        np.mean([figures.auroc(truth, score[:, seed]) for truth, score, _ in foreign])
        for seed in range(seeds)
    ]
    return {
        **{
            name: figures.with_interval(figures.mean_auroc, *each)
            for name, each in labelled.items()
        },
        "macro": figures.macro_with_interval(figures.mean_auroc, foreign),
        "macro_deviation_of_seeds": float(np.std(macro, ddof=1)) if seeds > 1 else None,
    }
