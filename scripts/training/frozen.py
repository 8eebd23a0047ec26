"""Pooled features of backbones as ImageNet left them, through ONNX Runtime, kept on disk."""

from __future__ import annotations

import io
import time
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

from . import views
from .backbone import LITE0, Scaling, pretrained
from .catalogue import Photo
from .export import OPSET, on_threads
from .predictions import prepared

SAVED_EVERY = 400


class _Pooled(nn.Module):
    def __init__(self, scaling: Scaling) -> None:
        super().__init__()
        self.backbone = pretrained(scaling)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        return self.backbone(pixels).mean(dim=(2, 3))


def features(photos: list[Photo], size: int, cache: Path, scaling: Scaling = LITE0) -> np.ndarray:
    """[n,1280] of plain photos; what an earlier call left in `cache` is not computed again."""
    file = cache / "frozen" / f"{scaling.name}-{size}.npz"
    known: dict[str, np.ndarray] = {}
    if file.exists():
        with np.load(file) as kept:
            known = dict(zip(kept["names"].tolist(), kept["rows"]))
    missing = [photo for photo in photos if photo.name not in known]
    if missing:
        file.parent.mkdir(parents=True, exist_ok=True)
        network = session(size, scaling)
        for count, photo in enumerate(missing, start=1):
            pixels = prepared(views.plain(photo, size)[None])
            known[photo.name] = network.run(None, {"pixels": pixels})[0][0]
            if count % SAVED_EVERY == 0 or count == len(missing):
                partial = file.with_suffix(".part.npz")
                np.savez(partial, names=list(known), rows=np.stack(list(known.values())))
                partial.rename(file)
    return np.stack([known[photo.name] for photo in photos])


def session(size: int, scaling: Scaling = LITE0) -> onnxruntime.InferenceSession:
    """The backbone on one thread, pixels [N,3,S,S] to features [N,1280]."""
    buffer = io.BytesIO()
    torch.onnx.export(
        _Pooled(scaling).eval(), (torch.zeros(1, 3, size, size),), buffer, dynamo=False,
        opset_version=OPSET, input_names=["pixels"], output_names=["features"],
        dynamic_axes={"pixels": {0: "batch"}, "features": {0: "batch"}},
    )
    return onnxruntime.InferenceSession(
        buffer.getvalue(), on_threads(1), providers=["CPUExecutionProvider"]
    )


def milliseconds(network: onnxruntime.InferenceSession, shape: tuple[int, ...]) -> float:
    """The median time of a run on pixels of this shape."""
    values = np.zeros(shape, np.float32)
    times = []
    for _ in range(40):
        started = time.perf_counter()
        network.run(None, {"pixels": values})
        times.append(time.perf_counter() - started)
    return round(float(np.median(times[8:])) * 1000, 2)


