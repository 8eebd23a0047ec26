"""Damage drawn on pictures of intact goods, with a mask of where it is.

Pictures are float32 [H,W,3] in 0...255. Every function draws in place of nothing: it returns a new
picture and a mask [H,W] in 0...1. Widths, colours and opacities vary widely, because a network
that learns one pen learns the pen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFilter

Picture = np.ndarray
Mask = np.ndarray
Drawer = Callable[[Picture, tuple[float, float], Generator], tuple[Picture, Mask]]

OVERSAMPLING = 2
VISIBLE = 0.12
"""Mask values under this count as untouched."""


def crack(picture: Picture, centre: tuple[float, float], random: Generator) -> tuple[Picture, Mask]:
    """Branching lines from a point of impact, sometimes with rings, as in glass."""
    size = picture.shape[0]
    reach = size * random.uniform(0.12, 0.55)
    lines: list[tuple[list[tuple[float, float]], float]] = []
    width = random.uniform(0.5, 2.2)
    for angle in random.uniform(0, 2 * np.pi, random.integers(2, 10)):
        branch(lines, centre, angle, reach * random.uniform(0.4, 1.0), width, 2, random)
    if random.random() < 0.35:
        for radius in random.uniform(0.1, 0.6, random.integers(1, 4)) * reach:
            lines.append((_ring(centre, radius, random), width * 0.8))
    alpha = _stroke(size, lines)
    light = random.random() < 0.6
    colour = random.uniform(190, 255) if light else random.uniform(0, 60)
    result = _blend(picture, alpha * random.uniform(0.45, 1.0), np.full(3, colour))
    if random.random() < 0.5:
        shadow = np.roll(alpha, (1, 1), (0, 1)) * random.uniform(0.2, 0.6)
        result = _blend(result, shadow * (1 - alpha), np.full(3, 255.0 - colour))
    return result, alpha


def scratch(
    picture: Picture, centre: tuple[float, float], random: Generator
) -> tuple[Picture, Mask]:
    """A few slightly bent lines in about one direction, broken here and there."""
    size = picture.shape[0]
    angle = random.uniform(0, np.pi)
    spread = size * random.uniform(0.01, 0.12)
    lines: list[tuple[list[tuple[float, float]], float]] = []
    for _ in range(random.integers(1, 9)):
        length = size * random.uniform(0.08, 0.5)
        start = np.array(centre) + random.normal(0, spread, 2)
        bend = random.normal(0, 0.25)
        turn = angle + random.normal(0, 0.12)
        points = []
        for step in np.linspace(-0.5, 0.5, 12):
            direction = turn + bend * step
            offset = length * step * np.array([np.cos(direction), np.sin(direction)])
            points.append(tuple(start + offset + random.normal(0, 0.4, 2)))
        lines.append((points, random.uniform(0.4, 2.6)))
    alpha = _stroke(size, lines) * _noise(size, 24, random, low=0.2)
    below = _local_mean(picture, centre)
    colour = np.clip(below + random.choice([-1, 1]) * random.uniform(45, 130), 0, 255)
    if random.random() < 0.3:
        colour = np.full(3, colour.mean())
    return _blend(picture, alpha * random.uniform(0.5, 1.0), colour), alpha


def tear(picture: Picture, centre: tuple[float, float], random: Generator) -> tuple[Picture, Mask]:
    """A ragged opening with a bright torn rim and something darker behind it."""
    size = picture.shape[0]
    length = size * random.uniform(0.06, 0.32)
    thickness = length * random.uniform(0.06, 0.7)
    outline = _ragged(centre, length, thickness, random)
    hole = _fill(size, outline)
    rim_width = int(random.integers(1, 5)) * 2 + 1
    grown = _filter(hole, ImageFilter.MaxFilter(rim_width))
    rim = np.clip(grown - hole, 0, 1) * _noise(size, 40, random, low=0.3)
    below = _local_mean(picture, centre)
    rim_colour = np.clip(below * random.uniform(0.9, 1.2) + random.uniform(10, 70), 0, 255)
    depth = random.uniform(0.1, 0.55)
    inside = below * depth + random.uniform(0, 30)
    if random.random() < 0.3:
        inside = random.uniform(40, 230, 3)
    grain = 1 + (_noise(size, 30, random) - 0.5)[..., None] * random.uniform(0.1, 0.5)
    result = _blend(picture, rim * random.uniform(0.5, 1.0), rim_colour)
    result = result * (1 - hole[..., None]) + np.clip(inside * grain, 0, 255) * hole[..., None]
    return result, np.maximum(hole, rim)


def stain(picture: Picture, centre: tuple[float, float], random: Generator) -> tuple[Picture, Mask]:
    """A blot that darkens or tints what is under it, often with a darker edge, and splashes."""
    size = picture.shape[0]
    blot = _blot(size, centre, size * random.uniform(0.04, 0.2), random)
    for _ in range(random.integers(0, 5)):
        away = np.array(centre) + random.normal(0, size * 0.12, 2)
        blot = np.maximum(blot, _blot(size, tuple(away), size * random.uniform(0.01, 0.04), random))
    tints = ((96, 66, 40), (60, 48, 36), (40, 40, 44), (140, 110, 60), (120, 40, 40), (70, 90, 50))
    tint = np.array(tints[random.integers(len(tints))]) * random.uniform(0.6, 1.3)
    body = blot * random.uniform(0.3, 0.85)
    if random.random() < 0.5:
        edge = np.clip(blot - _soften(blot, 4.0), 0, 1) * 2
        body = np.clip(body * 0.7 + edge * 0.6, 0, 0.95)
    tinted = random.random() < 0.6
    mixed = picture * (tint / 255.0) if tinted else np.broadcast_to(tint, picture.shape)
    return picture * (1 - body[..., None]) + mixed * body[..., None], blot


def dent(picture: Picture, centre: tuple[float, float], random: Generator) -> tuple[Picture, Mask]:
    """A hollow: what is under it is displaced, one side is lit and the other lies in shade."""
    size = picture.shape[0]
    radius = size * random.uniform(0.05, 0.2)
    stretch, turn = random.uniform(0.35, 1.0), random.uniform(0, np.pi)
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    x, y = columns - centre[0], rows - centre[1]
    along = x * np.cos(turn) + y * np.sin(turn)
    across = (-x * np.sin(turn) + y * np.cos(turn)) / stretch
    bump = np.exp(-(along**2 + across**2) / (2 * (radius / 2) ** 2))
    bump *= 0.7 + 0.6 * _noise(size, 8, random)
    return _relief(picture, bump * radius, random.uniform(0.5, 1.6), random), _bounded(bump)


def crush(picture: Picture, centre: tuple[float, float], random: Generator) -> tuple[Picture, Mask]:
    """Folds and creases: ridges in several directions inside a patch, displaced and shaded."""
    size = picture.shape[0]
    radius = size * random.uniform(0.12, 0.34)
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    height = np.zeros((size, size), np.float32)
    for _ in range(random.integers(2, 7)):
        turn = random.uniform(0, np.pi)
        origin = np.array(centre) + random.normal(0, radius * 0.4, 2)
        distance = (columns - origin[0]) * np.cos(turn) + (rows - origin[1]) * np.sin(turn)
        width = random.uniform(2.0, 12.0)
        height += random.uniform(-1, 1) * width * np.exp(-np.abs(distance) / width)
    envelope = _blot(size, centre, radius, random)
    envelope = _soften(envelope, random.uniform(2.0, 8.0))
    return _relief(picture, height * envelope, random.uniform(0.5, 1.3), random), _bounded(envelope)


DRAWERS: dict[str, Drawer] = {
    "crack": crack, "scratch": scratch, "tear": tear, "stain": stain, "dent": dent, "crush": crush,
}

KINDS_OF_CATEGORY: dict[str, tuple[str, ...]] = {
    "vehicle": ("scratch", "dent", "crack", "dent", "scratch"),
    "phone": ("crack", "crack", "crack", "scratch"),
    "box": ("tear", "crush", "stain", "dent", "crush"),
    "packaged_goods": ("tear", "crush", "stain", "dent"),
    "apparel": ("tear", "stain", "tear", "stain", "scratch"),
    "shoes": ("scratch", "tear", "stain"),
}


def damage(
    picture: Picture, category: str, goods: Mask, random: Generator
) -> tuple[Picture, Mask, tuple[str, ...]]:
    """Draws one to three damages of one or two kinds on the goods.

    `goods` says where (mask in 0...1); one in five pictures takes any kind, so that the category
    does not tell the kind. The answer names the kinds drawn.
    """
    kinds = KINDS_OF_CATEGORY.get(category, tuple(DRAWERS))
    if random.random() < 0.2:
        kinds = tuple(DRAWERS)
    mask = np.zeros(picture.shape[:2], np.float32)
    drawn: list[str] = []
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        kind = str(random.choice(kinds))
        picture, new = DRAWERS[kind](picture, place(goods, random), random)
        mask = np.maximum(mask, new)
        drawn.append(kind)
    return np.clip(picture, 0, 255), mask, tuple(dict.fromkeys(drawn))


def decoy(picture: Picture, random: Generator) -> Picture:
    """Something drawn that is not damage: a printed label, a bar, or a soft reflection."""
    size = picture.shape[0]
    centre = random.uniform(0.2, 0.8, 2) * size
    if random.random() < 0.4:
        glare = _soften(_blot(size, tuple(centre), size * random.uniform(0.05, 0.2), random), 9.0)
        return np.clip(picture + glare[..., None] * random.uniform(30, 120), 0, 255)
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    width, height = random.uniform(0.08, 0.35, 2) * size
    left, top = centre[0] - width / 2, centre[1] - height / 2
    paper = tuple(int(value) for value in random.uniform(0, 255, 3))
    ink = tuple(int(value) for value in random.uniform(0, 255, 3))
    pen.rectangle((left, top, left + width, top + height), fill=paper)
    for row in range(int(random.integers(1, 6))):
        y = top + height * (row + 0.7) / 7
        pen.line((left + 3, y, left + width * random.uniform(0.4, 0.95), y), fill=ink, width=2)
    return np.asarray(image, np.float32)


def place(goods: Mask, random: Generator) -> tuple[float, float]:
    """A point on the goods, more often near the middle."""
    rows, columns = goods.shape
    for _ in range(20):
        x, y = np.clip(random.normal(0.5, 0.2, 2), 0.08, 0.92) * (columns, rows)
        if goods[int(y), int(x)] > 0.5:
            return float(x), float(y)
    return columns / 2, rows / 2


def branch(
    lines, start, angle, length, width, depth, random: Generator, step: float = 7.0
) -> None:
    """Adds a wandering line that branches `depth` times, in steps of about so many pixels."""
    points, x, y = [start], start[0], start[1]
    steps = max(3, int(length / step))
    for number in range(steps):
        angle += random.normal(0, 0.28)
        x, y = x + np.cos(angle) * length / steps, y + np.sin(angle) * length / steps
        points.append((x, y))
        if depth > 0 and random.random() < 0.18:
            side = angle + random.choice([-1, 1]) * random.uniform(0.4, 1.2)
            rest = length * (1 - number / steps) * 0.7
            branch(lines, (x, y), side, rest, width * 0.75, depth - 1, random, step)
    lines.append((points, width))


def _ring(centre, radius, random: Generator) -> list[tuple[float, float]]:
    start, sweep = random.uniform(0, 2 * np.pi), random.uniform(1.0, 5.0)
    angles = np.linspace(start, start + sweep, 14)
    radii = radius * (1 + random.normal(0, 0.06, angles.size))
    return [(centre[0] + r * np.cos(a), centre[1] + r * np.sin(a)) for a, r in zip(angles, radii)]


def _ragged(centre, length, thickness, random: Generator) -> list[tuple[float, float]]:
    turn = random.uniform(0, np.pi)
    angles = np.linspace(0, 2 * np.pi, int(random.integers(14, 40)), endpoint=False)
    jitter = random.uniform(0.5, 1.25, angles.size)
    along, across = np.cos(angles) * length / 2 * jitter, np.sin(angles) * thickness / 2 * jitter
    x = centre[0] + along * np.cos(turn) - across * np.sin(turn)
    y = centre[1] + along * np.sin(turn) + across * np.cos(turn)
    return list(zip(x.tolist(), y.tolist()))


def _stroke(size: int, lines) -> Mask:
    scale = OVERSAMPLING
    image = Image.new("L", (size * scale, size * scale))
    pen = ImageDraw.Draw(image)
    for points, width in lines:
        scaled = [(x * scale, y * scale) for x, y in points]
        pen.line(scaled, fill=255, width=max(1, round(width * scale)))
    return np.asarray(image.resize((size, size), Image.Resampling.BOX), np.float32) / 255


def _fill(size: int, outline) -> Mask:
    scale = OVERSAMPLING
    image = Image.new("L", (size * scale, size * scale))
    ImageDraw.Draw(image).polygon([(x * scale, y * scale) for x, y in outline], fill=255)
    return np.asarray(image.resize((size, size), Image.Resampling.BOX), np.float32) / 255


def _noise(size: int, cells: int, random: Generator, low: float = 0.0) -> Mask:
    """Smooth noise in low...1 with about `cells` bumps along a side."""
    grid = Image.fromarray(random.integers(0, 256, (cells, cells), dtype=np.uint8))
    smooth = np.asarray(grid.resize((size, size), Image.Resampling.BICUBIC), np.float32) / 255
    return low + (1 - low) * np.clip((smooth - 0.25) * 2, 0, 1)


def _blot(size: int, centre, radius: float, random: Generator) -> Mask:
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32)
    stretch = random.uniform(0.5, 1.0)
    distance = np.hypot(columns - centre[0], (rows - centre[1]) / stretch) / max(radius, 1.0)
    ragged = distance + (_noise(size, int(random.integers(6, 24)), random) - 0.5) * 0.7
    return np.clip((1.0 - ragged) * random.uniform(3, 12), 0, 1)


def _relief(picture: Picture, height: Mask, strength: float, random: Generator) -> Picture:
    """Displaces and shades a picture as if its surface had this height (pixels)."""
    size = picture.shape[0]
    down, right = np.gradient(height)
    rows, columns = np.mgrid[0:size, 0:size]
    shift = random.uniform(2.0, 8.0) * strength
    source_rows = np.clip(rows + down * shift, 0, size - 1).astype(np.intp)
    source_columns = np.clip(columns + right * shift, 0, size - 1).astype(np.intp)
    light = random.uniform(0, 2 * np.pi)
    shade = (right * np.cos(light) + down * np.sin(light)) * strength * random.uniform(40, 110)
    return picture[source_rows, source_columns] + np.clip(shade, -110, 110)[..., None]


def _bounded(mask: Mask) -> Mask:
    return np.clip(mask * 1.6 - 0.2, 0, 1)


def _blend(picture: Picture, alpha: Mask, colour: np.ndarray) -> Picture:
    return picture * (1 - alpha[..., None]) + colour * alpha[..., None]


def _filter(mask: Mask, kernel: ImageFilter.Filter) -> Mask:
    image = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8))
    return np.asarray(image.filter(kernel), np.float32) / 255


def _soften(mask: Mask, radius: float) -> Mask:
    return _filter(mask, ImageFilter.GaussianBlur(radius))


def _local_mean(picture: Picture, centre: tuple[float, float]) -> np.ndarray:
    x, y = int(centre[0]), int(centre[1])
    patch = picture[max(0, y - 8) : y + 9, max(0, x - 8) : x + 9]
    return patch.reshape(-1, 3).mean(axis=0)
