"""What a photo costs, and what half and twice the time would buy.

Times are of ONNX Runtime on one thread with random pixels, medians; run it while the machine is idle. What the
features are worth is the AUROC of a logistic regression on frozen features of plain photos: it ranks
inputs and backbones, and costs no training.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnxruntime
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from . import figures, frozen
from .backbone import LITE0, LITE2, Scaling
from .catalogue import Photo
from .small_damage import any_size
from .steps import Work, few, write

CANDIDATES: dict[str, tuple[Scaling, int]] = {
    "EfficientNet-Lite0, 160 pixels": (LITE0, 160),
    "EfficientNet-Lite0, 224 pixels (shipped)": (LITE0, 224),
    "EfficientNet-Lite0, 320 pixels": (LITE0, 320),
    "EfficientNet-Lite2, 224 pixels": (LITE2, 224),
}
READINGS = {
    "224 pixels (shipped)": (1, 224), "448 pixels": (1, 448), "672 pixels": (1, 672),
    "3 by 3 tiles and the whole": (10, 224),
}
TRAINED, HELD_BACK, FOREIGN = 700, 500, 250
STRENGTH = 0.003
LEFT_OUT = ("packages_di", "phones_nanonets", "car_mzaim")


def times(work: Work) -> None:
    """Milliseconds of every candidate and of the ways to look closer."""
    backbones = {
        name: frozen.milliseconds(frozen.session(size, scaling), (1, 3, size, size))
        for name, (scaling, size) in CANDIDATES.items()
    }
    network = any_size(work.model)
    readings = {
        name: frozen.milliseconds(network, (count, 3, size, size))
        for name, (count, size) in READINGS.items()
    }
    write(work.paper("times"), {
        "runtime": f"ONNX Runtime {onnxruntime.__version__}, one thread",
        "backbones": backbones, "readings": readings,
    })


def worth(work: Work) -> None:
    """The AUROC that frozen features of every candidate give, on held-back and on foreign photos."""
    found: dict[str, Any] = {}
    for name, (scaling, size) in CANDIDATES.items():
        found[name] = _worth(work, scaling, size)
        print(name, found[name], flush=True)
    write(work.paper("sizes"), found)


def _worth(work: Work, scaling: Scaling, size: int) -> dict[str, Any]:
    known = few(work.parts["train"], TRAINED)
    everyone = [photo for part in work.parts.values() for photo in part]

    def judged(judges: list[Photo], photos: list[Photo]) -> tuple[np.ndarray, ...]:
        regression = LogisticRegression(C=STRENGTH, max_iter=300)
        machine = make_pipeline(StandardScaler(), regression)
        machine.fit(features(judges), [photo.damaged for photo in judges])
        return (
            np.array([photo.damaged for photo in photos]),
            machine.predict_proba(features(photos))[:, 1],
            np.array([photo.group for photo in photos]),
        )

    def features(photos: list[Photo]) -> np.ndarray:
        return frozen.features(photos, size, work.cache, scaling)

    held_back = few(work.parts["calibration"], HELD_BACK)
    foreign = [
        judged(
            [photo for photo in known if photo.source != source],
            few([photo for photo in everyone if photo.source == source], FOREIGN),
        )
        for source in LEFT_OUT
    ]
    return {
        "held_back": figures.with_interval(figures.auroc, *judged(known, held_back)),
        "foreign_macro": figures.macro_with_interval(figures.auroc, foreign),
    }
