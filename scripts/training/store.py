"""Augmented views, taken through the frozen early layers once and kept on disk.

Two cores train about 14 photos a second through the whole network, and several times as many when
the frozen layers are done beforehand. A store is one pass over the plan: `features.npy` (float16
[n,80,S/16,S/16]) and `labels.npz`, which also holds what ImageNet's weights make of each view in
the end (`pooled`, [n,1280]): the heads start from logistic regressions on that.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import views
from .backbone import EARLY_CHANNELS, EfficientNetLite, pretrained
from .catalogue import SINGLE_TYPE_SOURCES, Photo
from .recipe import PIXEL_MEAN, PIXEL_SCALE, RENDERED_PLAN, VIEW_PLANS, Recipe, ViewPlan
from .rendered import SOURCE as RENDERED

ABSENCE_WEIGHT_OF_SINGLE_TYPE = 0.4
DEFAULT_PLAN = ViewPlan(1, 0.0)
CHUNK = 32


@dataclass
class Store:
    """One pass of views, ready to train on."""

    features: np.ndarray
    labels: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.features)

    @property
    def sources(self) -> np.ndarray:
        return self.labels["source"]

    def where(self, chosen: np.ndarray) -> Store:
        """The rows that a boolean or index array chooses, in memory."""
        labels = {name: values[chosen] for name, values in self.labels.items()}
        return Store(self.features[chosen], labels)


def load(folder: Path) -> Store:
    features = np.load(folder / "features.npy", mmap_mode="r")
    with np.load(folder / "labels.npz") as file:
        return Store(features, dict(file))


def build(
    folder: Path, photos: list[Photo], recipe: Recipe, index: int, device: str, workers: int
) -> Store:
    """Makes pass number `index`, or takes the one that an interrupted run left complete."""
    if (folder / "labels.npz").exists():
        return load(folder)
    folder.mkdir(parents=True, exist_ok=True)
    order = _plan(photos, recipe, index)
    side = recipe.size // 16
    features = np.lib.format.open_memmap(
        folder / "features.npy", "w+", np.float16, (len(order), EARLY_CHANNELS, side, side)
    )
    rows: list[dict[str, object]] = []
    pooled: list[np.ndarray] = []
    for begun, ended, labels_of in _chunks(photos, order, recipe, index, device, workers):
        features[len(rows) : len(rows) + len(begun)] = begun
        pooled.append(ended)
        rows.extend(labels_of)
    labels = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    labels["pooled"] = np.concatenate(pooled)
    features.flush()
    np.savez(folder / "labels.npz", **labels)
    return Store(features, labels)


def frozen(
    network: EfficientNetLite, pixels: np.ndarray, device: str
) -> tuple[Tensor, Tensor]:
    """uint8 [N,S,S,3] to early features (float16) and pooled late ones (float32 [N,1280]).

    In bfloat16 where the processor is fast at it.
    """
    values = normalised(pixels).to(device)
    fast = device != "cpu" or torch.cpu._is_avx512_bf16_supported()
    kind = device.split(":")[0]
    with torch.no_grad(), torch.autocast(kind, dtype=torch.bfloat16, enabled=fast):
        begun = network.early(values)
        ended = network.late(network.middle(begun))
        return begun.to(torch.float16), ended.float().mean(dim=(2, 3))


def early_of(photos: list[Photo], size: int, device: str) -> Tensor:
    """What the frozen layers make of plain photos: float16 [n,80,S/16,S/16]."""
    network = pretrained().eval().to(device).to(memory_format=torch.channels_last)
    parts = []
    for start in range(0, len(photos), CHUNK):
        pixels = np.stack([views.plain(photo, size) for photo in photos[start : start + CHUNK]])
        parts.append(frozen(network, pixels, device)[0].cpu())
    return torch.cat(parts)


def normalised(pixels: np.ndarray) -> Tensor:
    """uint8 [N,S,S,3] to (value - mean) * scale, [N,3,S,S] in channels-last memory."""
    values = torch.tensor(pixels).permute(0, 3, 1, 2).float()
    return ((values - PIXEL_MEAN) * PIXEL_SCALE).contiguous(memory_format=torch.channels_last)


def _plan(photos: list[Photo], recipe: Recipe, index: int) -> np.ndarray:
    """Numbers of photos, each as often as its category and label ask, in a random order."""
    copies = [_plan_of(photo).copies for photo in photos]
    order = np.repeat(np.arange(len(photos)), copies)
    np.random.default_rng([recipe.seed, index]).shuffle(order)
    return order


def _plan_of(photo: Photo) -> ViewPlan:
    if photo.source == RENDERED:
        return RENDERED_PLAN
    return VIEW_PLANS.get((photo.category, photo.damaged), DEFAULT_PLAN)


Chunk = tuple[np.ndarray, np.ndarray, list[dict[str, object]]]
"""Early features, pooled features, and labels of some views."""


def _chunks(
    photos: list[Photo], order: np.ndarray, recipe: Recipe, index: int, device: str, workers: int
) -> Iterator[Chunk]:
    """Views are made and taken through the frozen layers by processes of one thread each."""
    jobs = [
        (recipe, index, start, order[start : start + CHUNK].tolist())
        for start in range(0, len(order), CHUNK)
    ]
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, _prepare, (photos, device)) as pool:
        yield from pool.imap(_make, jobs)


_photos: list[Photo] = []
_backdrops: list[Photo] = []
_networks: list[tuple[EfficientNetLite, str]] = []


def _prepare(photos: list[Photo], device: str) -> None:
    torch.set_num_threads(1)
    _photos[:] = photos
    _backdrops[:] = [photo for photo in photos if not photo.damaged]
    network = pretrained().eval().to(device).to(memory_format=torch.channels_last)
    _networks[:] = [(network, device)]


def _make(job: tuple[Recipe, int, int, list[int]]) -> Chunk:
    recipe, index, start, numbers = job
    random = np.random.default_rng([recipe.seed, index, start, 1])
    made = []
    for number in numbers:
        photo = _photos[number]
        share = _plan_of(photo).synthetic_share
        made.append(
            views.augmented(photo, recipe.size, share, _backdrops, random, recipe.without)
        )
    network, device = _networks[0]
    begun, ended = frozen(network, np.stack([view.pixels for view in made]), device)
    labels = [_labels(view, _photos[number]) for view, number in zip(made, numbers)]
    return begun.cpu().numpy(), ended.cpu().numpy(), labels


def _labels(view: views.View, photo: Photo) -> dict[str, object]:
    drawn = view.damaged and not photo.damaged
    severity = -1 if drawn or view.hidden or photo.severity is None else photo.severity
    absence = ABSENCE_WEIGHT_OF_SINGLE_TYPE if photo.source in SINGLE_TYPE_SOURCES else 1.0
    present, weights = views.type_targets(None if view.hidden else view.types, absence)
    return {
        "source": photo.source,
        "damaged": np.float32(0.5 if view.hidden else view.damaged),
        "severity": severity,
        "weight": np.float32(photo.weight),
        "types": np.array(present, np.float32),
        "type_weights": np.array(weights, np.float32),
    }
