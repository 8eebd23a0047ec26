"""Augmented views of photos: what the network sees in training, and what it sees otherwise.

The same operations meet damaged and intact photos alike: a view tells nothing of the size, the
aspect ratio, the sharpness or the JPEG quality that its source happens to have.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageEnhance, ImageFilter
from scipy import ndimage

from . import synthetic
from .catalogue import Photo
from .recipe import TYPES

STUDIO_WHITE = 232
REPLACED_BACKGROUND_SHARE = 0.4
DECOY_SHARE = 0.1
HIDDEN_SHARE = 0.06
"""In so many views the goods are covered: what remains says nothing, and must be answered so."""
DRAWING_TRIES = 6
VISIBLE_CHANGE = 30.0
"""A pixel counts as changed by drawn damage if a channel differs by more than this, of 255."""
VISIBLE_SHARE = 0.012
"""Damage that changes a smaller share of the picture is drawn again: nobody could see it."""

Change = Callable[[Image.Image], Image.Image]


@dataclass
class View:
    """One training example before the network's early layers."""

    pixels: np.ndarray
    """uint8 [S,S,3]"""
    damaged: bool
    types: tuple[str, ...] | None
    hidden: bool = False
    """Whether the goods were covered, so that neither answer is right."""


def plain(photo: Photo, size: int, change: Change | None = None) -> np.ndarray:
    """Exactly what is done at run time: stretched to [S,S,3] with an antialiased triangle.

    `change` alters the photo beforehand.
    """
    image = photo.picture()
    return stretched(change(image) if change else image, size)


def stretched(image: Image.Image, size: int) -> np.ndarray:
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR))


def augmented(
    photo: Photo, size: int, synthetic_share: float, backdrops: list[Photo], random: Generator,
    without: tuple[str, ...] = (),
) -> View:
    """A random view; intact photos are drawn upon with the given probability.

    `without` names ingredients of the recipe that are left out.
    """
    image = photo.picture()
    goods = goods_of(image)
    moves = goods is not None and random.random() < REPLACED_BACKGROUND_SHARE
    if moves and "new backgrounds" not in without:
        image = on_backdrop(image, goods, backdrops, random)
    as_taken = "crop, light and camera" in without
    image, goods_view = (_whole if as_taken else _geometry)(
        image, goods, size, photo.damaged, random
    )
    picture = np.asarray(image, np.float32)
    draws = "drawn damage" not in without
    if draws and random.random() < DECOY_SHARE:
        picture = synthetic.decoy(picture, random)
    damaged, types = photo.damaged, photo.types
    if draws and not damaged and random.random() < synthetic_share:
        picture, types = visible_damage(picture, photo.category, goods_view, random)
        damaged = True
    hidden = "covered goods" not in without and random.random() < HIDDEN_SHARE
    if hidden:
        picture = _covered(picture, random)
    if as_taken:
        return View(picture.astype(np.uint8), damaged, types, hidden)
    picture = _light(picture.astype(np.float32, copy=False), random)
    return View(_camera(picture, random), damaged, types, hidden)


def type_targets(types: tuple[str, ...] | None, absence_weight: float) -> tuple[list, list]:
    """Targets and weights of the eight types; unknown types weigh nothing."""
    if types is None:
        return [0.0] * len(TYPES), [0.0] * len(TYPES)
    present = [1.0 if name in types else 0.0 for name in TYPES]
    return present, [1.0 if value else absence_weight for value in present]


def goods_of(image: Image.Image) -> np.ndarray | None:
    """Where the goods are in a picture on studio white; None for any other background."""
    light = np.asarray(image) >= STUDIO_WHITE
    border = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    if border.all(axis=1).mean() < 0.6:
        return None
    white = light[..., 0] & light[..., 1] & light[..., 2]
    labels, _ = ndimage.label(white)
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    outside = np.isin(labels, np.unique(edges[edges > 0]))
    goods = ~outside
    return goods.astype(np.float32) if 0.08 < goods.mean() < 0.95 else None


def on_backdrop(
    image: Image.Image, goods: np.ndarray, backdrops: list[Photo], random: Generator
) -> Image.Image:
    """Puts goods from studio white before a crop of another photo, or a plain colour."""
    if random.random() < 0.75:
        other = backdrops[int(random.integers(len(backdrops)))]
        scene = other.picture()
        left, top = random.uniform(0, 0.5, 2) * scene.size
        box = (left, top, left + scene.size[0] * 0.5, top + scene.size[1] * 0.5)
        scene = scene.resize(image.size, Image.Resampling.BILINEAR, box)
        scene = scene.filter(ImageFilter.GaussianBlur(float(random.uniform(0, 6))))
    else:
        scene = Image.new("RGB", image.size, tuple(int(v) for v in random.uniform(20, 255, 3)))
    mask = Image.fromarray((goods * 255).astype(np.uint8)).filter(ImageFilter.MinFilter(3))
    return Image.composite(image, scene, mask.filter(ImageFilter.GaussianBlur(0.8)))


def visible_damage(
    picture: np.ndarray, category: str, goods: np.ndarray, random: Generator
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The picture with drawn damage that can be seen, and its kinds."""
    for _ in range(DRAWING_TRIES):
        result, _, types = synthetic.damage(picture, category, goods, random)
        changed = np.abs(result - picture).max(axis=2) > VISIBLE_CHANGE
        if changed.mean() > VISIBLE_SHARE:
            break
    return result, types


def _covered(picture: np.ndarray, random: Generator) -> np.ndarray:
    """The middle of the picture covered by a plain colour, its own blur, or coarse noise."""
    size = picture.shape[0]
    across, down = random.uniform(0.3, 0.46, 2) * size
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    x = np.abs(columns - size * random.uniform(0.45, 0.55)) / across
    y = np.abs(rows - size * random.uniform(0.45, 0.55)) / down
    inside = (np.maximum(x, y) if random.random() < 0.7 else np.hypot(x, y) / 1.2) < 1
    kind = random.random()
    if kind < 0.5:
        tone = random.uniform(0, 255) if random.random() < 0.5 else random.uniform(0, 255, 3)
        cover = np.broadcast_to(np.float32(tone), picture.shape)
    elif kind < 0.8:
        blurred = Image.fromarray(picture.astype(np.uint8)).filter(ImageFilter.GaussianBlur(24))
        cover = np.asarray(blurred, np.float32)
    else:
        cells = int(random.integers(2, 12))
        grid = Image.fromarray(random.integers(0, 256, (cells, cells, 3), dtype=np.uint8))
        cover = np.asarray(grid.resize((size, size), Image.Resampling.BICUBIC), np.float32)
    return np.where(inside[..., None], cover, picture)


def _geometry(
    image: Image.Image, goods: np.ndarray | None, size: int, damaged: bool, random: Generator
) -> tuple[Image.Image, np.ndarray]:
    """A random crop (at least 70 % of a side for damage), a random resolution, mirrored."""
    width, height = image.size
    box = (0.0, 0.0, float(width), float(height))
    if random.random() < 0.8:
        across, down = random.uniform(0.7 if damaged else 0.6, 1.0, 2)
        left, top = random.uniform(0, 1 - across) * width, random.uniform(0, 1 - down) * height
        box = (left, top, left + across * width, top + down * height)
    inner = int(random.uniform(0.45, 1.0) * size) if random.random() < 0.5 else size
    image = image.resize((inner, inner), Image.Resampling.BILINEAR, box)
    if inner != size:
        sharp = random.random() < 0.5
        image = image.resize(
            (size, size), Image.Resampling.BICUBIC if sharp else Image.Resampling.BILINEAR
        )
    mirrored = random.random() < 0.5
    if mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image, area_of(goods, size, box, mirrored)


def _whole(
    image: Image.Image, goods: np.ndarray | None, size: int, damaged: bool, random: Generator
) -> tuple[Image.Image, np.ndarray]:
    """The whole picture as at run time, and where the goods are in it."""
    del damaged, random
    return Image.fromarray(stretched(image, size)), area_of(goods, size)


def area_of(
    goods: np.ndarray | None, size: int, box: tuple[float, float, float, float] | None = None,
    mirrored: bool = False,
) -> np.ndarray:
    """Where the goods are in that part of the picture, 0 to 1; everywhere where that is unknown."""
    if goods is None:
        return np.ones((size, size), np.float32)
    whole = Image.fromarray((goods > 0.5).astype(np.uint8) * 255)
    area = np.asarray(whole.resize((size, size), Image.Resampling.BILINEAR, box), np.float32)
    return (area[:, ::-1] if mirrored else area) / 255


def _light(picture: np.ndarray, random: Generator) -> np.ndarray:
    """Contrast, exposure and white balance."""
    contrast = random.uniform(0.85, 1.15)
    gains = random.uniform(0.8, 1.2) * random.normal(1, 0.03, 3)
    picture = np.clip((picture - 127) * np.float32(contrast) + 127, 0, 255)
    return np.clip(picture * gains.astype(np.float32), 0, 255)


def _camera(picture: np.ndarray, random: Generator) -> np.ndarray:
    """Saturation, and JPEG at a random quality."""
    image = Image.fromarray(picture.astype(np.uint8))
    if random.random() < 0.5:
        image = ImageEnhance.Color(image).enhance(float(random.uniform(0.6, 1.3)))
    if random.random() < 0.9:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(random.integers(30, 96)))
        image = Image.open(buffer).convert("RGB")
    return np.asarray(image)
