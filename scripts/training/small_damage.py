"""Small damage at full size: pictures of 12 megapixels with lines 2 to 20 pixels wide.

Intact test photos are enlarged to 12 megapixels and given a camera's grain; then one crack or scratch is
drawn at full size. The goods are therefore soft and the damage is sharp: what an input of more pixels gains
here is the most that it could gain on real photos, and what it loses in false alarms is not.
"""

from __future__ import annotations

import json
import math
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.random import Generator
from PIL import Image, ImageDraw

from . import export, figures, synthetic, views
from .catalogue import Photo
from .predictions import prepared
from .steps import Work, few, write

PIXELS = 12e6
WIDTHS = (2, 4, 8, 12, 20)
PHOTOS = {"vehicle": 12, "box": 10, "phone": 4, "apparel": 8, "shoes": 4, "packaged_goods": 4}
TILE = 224
SIDES = (224, 448, 672)
GRAIN = 3.0
"""Standard deviation of the noise added to the enlarged photo, of 255."""
FALSE_ALARMS = 0.05


def study(work: Work) -> None:
    """Scores every picture by every reading; writes recall by width, false alarms and AUROC.

    Scores are kept in the cache, so that an interrupted study goes on.
    """
    kept = work.cache / "small-damage.json"
    photos = [
        photo for category, count in PHOTOS.items()
        for photo in few([
            each for each in work.parts["test"]
            if each.category == category and not each.damaged
        ], count)
    ]
    kept.parent.mkdir(parents=True, exist_ok=True)
    rows = json.loads(kept.read_text()) if kept.exists() else {}
    network = any_size(work.model)
    for photo in photos:
        key = f"{export.sha256(work.model)[:12]} {photo.name}"
        if key not in rows:
            rows[key] = [_read(network, each) for each in _pictures(photo, work.recipe.seed)]
            kept.write_text(json.dumps(rows))
            print(f"{len(rows)} photos", flush=True)
    keys = [f"{export.sha256(work.model)[:12]} {photo.name}" for photo in photos]
    scores = {
        name: np.array([[each[name] for each in rows[key]] for key in keys])
        for name in rows[keys[0]][0]
    }
    groups = np.array([photo.group for photo in photos])
    write(work.paper("small-damage"), {
        "photos": len(photos), "widths": WIDTHS, "megapixels": PIXELS / 1e6,
        "readings": {name: _figures(each, groups) for name, each in scores.items()},
    })


def _pictures(photo: Photo, seed: int):
    """The intact picture at full size, then the same with damage of each width."""
    random = np.random.default_rng([seed, zlib.crc32(photo.name.encode())])
    with Image.open(photo.path) as file:
        image = file.convert("RGB")
    goods = views.goods_of(image)
    scale = math.sqrt(PIXELS / (image.width * image.height))
    large = image.resize(
        (math.ceil(image.width * scale), math.ceil(image.height * scale)),
        Image.Resampling.BICUBIC,
    )
    values = np.asarray(large, np.float32)
    grain = random.normal(0, GRAIN, values.shape[:2]).astype(np.float32)[..., None]
    picture = np.clip(values + grain, 0, 255).astype(np.uint8)
    yield Image.fromarray(picture)
    placed = int(random.integers(2**31))
    for width in WIDTHS:
        yield Image.fromarray(
            _damaged(picture, goods, width, np.random.default_rng([seed, placed]))
        )


def _damaged(
    picture: np.ndarray, goods: np.ndarray | None, width: int, random: Generator
) -> np.ndarray:
    """The picture (uint8 [H,W,3]) with a crack or a scratch whose lines are `width` pixels wide.

    The same random numbers give the same place, course and colour at any width.
    """
    rows, columns = picture.shape[:2]
    area = np.ones((64, 64)) if goods is None else goods
    x, y = synthetic.place(area, random)
    centre = (x * columns / area.shape[1], y * rows / area.shape[0])
    lines = _lines(centre, min(rows, columns), random)
    points = np.array([point for line in lines for point in line])
    low = np.maximum(points.min(axis=0) - 2 * width, 0).astype(int)
    high = np.minimum(points.max(axis=0) + 2 * width, (columns - 1, rows - 1)).astype(int) + 1
    mask = Image.new("L", (2 * (high[0] - low[0]), 2 * (high[1] - low[1])))
    pen = ImageDraw.Draw(mask)
    for line in lines:
        course = [(2 * (px - low[0]), 2 * (py - low[1])) for px, py in line]
        pen.line(course, fill=255, width=2 * width, joint="curve")
    alpha = np.asarray(mask.reduce(2), np.float32)[..., None] / 255
    part = picture[low[1] : high[1], low[0] : high[0]].astype(np.float32)
    darker = random.random() < 0.5
    change = random.uniform(60, 130) * (-1 if darker else 1)
    below = picture[int(centre[1]), int(centre[0])].astype(np.float32)
    colour = np.clip(below + (change if 0 < below.mean() + change < 255 else -change), 0, 255)
    result = picture.copy()
    mixed = part * (1 - 0.85 * alpha) + colour * 0.85 * alpha
    result[low[1] : high[1], low[0] : high[0]] = mixed.astype(np.uint8)
    return result


def _read(network: onnxruntime.InferenceSession, image: Image.Image) -> dict[str, float]:
    """The evidence a1 of one picture by every reading."""
    inputs = {side: prepared(views.stretched(image, side)[None]) for side in SIDES}

    def run(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        severity, patches = network.run(["severity_logits", "damage_map"], {"pixels": values})
        return severity[:, 0], patches[:, 0]

    whole = float(run(inputs[TILE])[0][0])
    found = {"224 pixels (shipped)": whole}
    for side in (448, 672):
        mean, patches = run(inputs[side])
        found[f"{side} pixels, mean of the map"] = float(mean[0])
        found[f"{side} pixels, strongest 7 by 7 window"] = float(_windows(patches[0]).max())
    tiles = inputs[672].reshape(3, 3, TILE, 3, TILE).transpose(1, 3, 0, 2, 4)
    each = run(np.ascontiguousarray(tiles.reshape(-1, 3, TILE, TILE)))[0]
    found["3 by 3 tiles and the whole, strongest"] = max(whole, float(each.max()))
    found["3 by 3 tiles and the whole, whole plus strongest tile"] = (
        whole + float(each.max())
    ) / 2
    return found


def _lines(centre, side: int, random: Generator) -> list[list[tuple[float, float]]]:
    """The course of a crack or scratch, 12 to 35 % of the shorter side long."""
    reach = side * random.uniform(0.12, 0.35)
    lines: list[tuple[list[tuple[float, float]], float]] = []
    if random.random() < 0.5:
        for angle in random.uniform(0, 2 * np.pi, random.integers(1, 4)):
            synthetic.branch(lines, centre, angle, reach / 2, 1.0, 1, random, step=side / 40)
    else:
        angle, bend = random.uniform(0, np.pi), random.normal(0, 0.25)
        steps = np.linspace(-0.5, 0.5, 12)
        turns = angle + bend * steps
        x, y = centre[0] + reach * steps * np.cos(turns), centre[1] + reach * steps * np.sin(turns)
        lines.append((list(zip(x.tolist(), y.tolist())), 1.0))
    return [points for points, _ in lines]


def _windows(patches: np.ndarray) -> np.ndarray:
    """The mean of the map [H,W] in every window of 7 by 7 patches."""
    views_of = np.lib.stride_tricks.sliding_window_view(patches, (7, 7))
    return views_of.mean(axis=(2, 3))


def any_size(model: Path) -> onnxruntime.InferenceSession:
    """The shipped network for any input whose sides 32 divides: it has convolutions only."""
    network = onnx.load(model)
    del network.graph.value_info[:]
    network.graph.input[0].type.tensor_type.shape.dim[2].dim_param = "height"
    network.graph.input[0].type.tensor_type.shape.dim[3].dim_param = "width"
    for output in network.graph.output:
        if output.name == "damage_map":
            for axis in (2, 3):
                output.type.tensor_type.shape.dim[axis].dim_param = f"map_{axis}"
    return onnxruntime.InferenceSession(
        network.SerializeToString(), export.on_threads(1), providers=["CPUExecutionProvider"]
    )


def _figures(scores: np.ndarray, groups: np.ndarray) -> dict[str, Any]:
    """Scores [n, 1 + widths] to figures; one half decides at the threshold of the model, a1 = 0."""
    intact = scores[:, 0]
    threshold = np.quantile(intact, 1 - FALSE_ALARMS)
    return {
        "false_alarms": float((intact >= 0).mean()),
        "by_width": {
            str(width): {
                "recall": _share(each >= 0, groups),
                "recall_at_5_percent_false_alarms": _share(each > threshold, groups),
                "auroc": figures.with_interval(
                    figures.auroc, np.repeat([False, True], len(intact)),
                    np.concatenate([intact, each]), np.concatenate([groups, groups]),
                ),
            }
            for width, each in zip(WIDTHS, scores[:, 1:].T)
        },
    }


def _share(found: np.ndarray, groups: np.ndarray) -> figures.Interval:
    return figures.with_interval(lambda truth, _: float(truth.mean()), found, found, groups)
