"""Photos whose goods are covered, and a linear answer that tells them from whole ones.

A network that was never asked where the goods are is sure of an answer when it cannot see them: with fine
grain over the middle it called half of the vehicles intact. What it answers then must not decide, so the
covered photo is made as unfamiliar as goods it has never seen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageFilter
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

STRENGTH = 1e-3
"""C of the logistic regression on standardised features."""
RARE = 0.99
"""The share of whole photos that must look less covered than one that counts as unfamiliar."""
MARGIN = 0.15
"""What stays free at each side, as a share of it."""


def one_colour(image: Image.Image, random: Generator) -> Image.Image:
    grey = random.random() < 0.5
    tone = np.repeat(random.integers(0, 256), 3) if grey else random.integers(0, 256, 3)
    return _over(image, Image.new("RGB", (1, 1), tuple(int(value) for value in tone)))


def pattern(image: Image.Image, random: Generator) -> Image.Image:
    """Soft random patches of several sizes, grey or coloured, as cloth, card and floors have."""
    layers = []
    for octave in range(2, 7):
        cells = random.normal(0, 1, (2**octave, 2**octave, 3))
        if random.random() < 0.7:
            cells[...] = cells[..., :1]
        grown = [
            Image.fromarray(cells[..., band].astype(np.float32)).resize((256, 256), Image.BICUBIC)
            for band in range(3)
        ]
        layers.append(random.random() * np.stack([np.asarray(band) for band in grown], axis=-1))
    cover = np.sum(layers, axis=0)
    cover = cover / cover.std() * random.uniform(10, 60) + random.integers(40, 215, 3)
    return _over(image, Image.fromarray(cover.clip(0, 255).astype(np.uint8)))


def grain(image: Image.Image, random: Generator) -> Image.Image:
    left, top, right, bottom = _middle(image)
    cover = random.normal(127, 40, (bottom - top, right - left, 3)).clip(0, 255)
    return _over(image, Image.fromarray(cover.astype(np.uint8)))


def blur(image: Image.Image, random: Generator) -> Image.Image:
    middle = image.crop(_middle(image))
    return _over(image, middle.filter(ImageFilter.GaussianBlur(max(image.size) / 15)))


def stretched_border(image: Image.Image, random: Generator) -> Image.Image:
    return _over(image, image.crop((0, 0, image.width, max(1, _middle(image)[1]))))


Cover = Callable[[Image.Image, Generator], Image.Image]
TAUGHT: dict[str, Cover] = {"one colour": one_colour, "soft pattern": pattern}
UNTAUGHT: dict[str, Cover] = {
    "fine grain": grain, "its own blur": blur, "its border, stretched": stretched_border,
}
"""Never shown to the linear answer; the network's own views have blur, too."""


def tell_apart(whole: np.ndarray, covered: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias on embeddings [N,1280]: above 0 what 99 of 100 whole photos are not."""
    scaler = StandardScaler().fit(whole)
    model = LogisticRegression(C=STRENGTH, max_iter=500, class_weight="balanced")
    rows = np.concatenate([whole, covered])
    model.fit(scaler.transform(rows), np.repeat([0, 1], [len(whole), len(covered)]))
    weights = model.coef_[0] / scaler.scale_
    return weights, -float(np.quantile(whole @ weights, RARE))


def _middle(image: Image.Image) -> tuple[int, int, int, int]:
    across, down = int(MARGIN * image.width), int(MARGIN * image.height)
    return across, down, image.width - across, image.height - down


def _over(image: Image.Image, cover: Image.Image) -> Image.Image:
    image = image.copy()
    left, top, right, bottom = _middle(image)
    image.paste(cover.resize((right - left, bottom - top), Image.BICUBIC), (left, top))
    return image
