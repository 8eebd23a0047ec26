"""The steps from photos to a shipped model; each leaves a file that the next one reads."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import platform
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from . import (
    baselines, calibration, card, catalogue, categories, checks, covers, evaluation, export, figures, frozen,
    rendered, store, views,
)
from .backbone import weights_path
from .catalogue import Photo
from .fit import Fitted, fit
from .network import DamageNetwork, Evidence
from .predictions import Predictions, kept, predict, sigmoid
from .recipe import FILE_STEM, LEAST_FOREIGN_OF_EACH, Recipe
from .views import Change

COUNTERFACTUAL_PHOTOS = 150
CENTROID_PHOTOS = 2000
COVERED_PHOTOS = 800
PROBE_PHOTOS = 1500
COVERED_TEST_PHOTOS = 400
BATCH = 32
Judged = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Truth, score and group of some photos."""
CHECKED_SIZE = 160
"""Of the pictures whose features tell likely label errors: half the cost of 224."""


@dataclass
class Work:
    """Where things lie, and the recipe."""

    data: Path
    output: Path
    cache: Path
    device: str
    workers: int
    recipe: Recipe
    rendered: Path
    """Folder of the rendered pairs."""
    photo_limit: int | None = None
    _said: dict[tuple[str, str], Predictions] = field(default_factory=dict)

    @cached_property
    def parts(self) -> dict[str, list[Photo]]:
        """train, calibration and test; a smoke run keeps a hash-chosen few of each."""
        parts = catalogue.split(catalogue.read(self.data), self.recipe.split_salt)
        if self.photo_limit is None:
            return parts
        return {name: few(photos, self.photo_limit) for name, photos in parts.items()}

    @cached_property
    def pairs(self) -> list[Photo]:
        """The rendered pairs; a smoke run has none."""
        return [] if self.photo_limit else rendered.read(self.rendered)

    @property
    def trained_on(self) -> list[Photo]:
        """The photos of the training part, and the rendered pairs."""
        return self.parts["train"] + self.pairs

    @property
    def categories(self) -> list[str]:
        """What the model tells apart, in the order of its output."""
        return categories.names_of(self.parts["train"])

    @property
    def model(self) -> Path:
        return self.output / f"{FILE_STEM}.onnx"

    def paper(self, kind: str) -> Path:
        """A file beside the model: `metrics` is models/damage-v1.metrics.json."""
        return self.output / f"{FILE_STEM}.{kind}.json"

    def said_of(self, part: str) -> Predictions:
        """What the model in `output` says of a part, computed once for each model and kept on disk."""
        photos = self.parts[part]
        names = hashlib.sha256("\n".join(photo.name for photo in photos).encode()).hexdigest()[:12]
        model = export.sha256(self.model)[:12]
        file = self.cache / "said" / f"{part}-{model}-{names}.npz"
        key = (model, part)
        if key not in self._said:
            self._said[key] = kept(file, self.model, photos, self.recipe.size)
        return self._said[key]

    @property
    def weights(self) -> Path:
        return self.cache / "weights.pt"


def look_for_wrong_labels(work: Work) -> None:
    """Writes what is wrong with the labels, and a sheet of the likely errors into the cache."""
    photos = [photo for part in work.parts.values() for photo in part]
    features = frozen.features(photos, CHECKED_SIZE, work.cache)
    found = checks.check(photos, features, work.recipe.split_salt, work.recipe.seed)
    checks.sheet(photos, found, work.cache / "label-checks.png")
    for name, value in found.items():
        print(f"labels: {name} {len(value) if isinstance(value, list) else value}", flush=True)
    work.output.mkdir(parents=True, exist_ok=True)
    write(work.paper("labels"), found)


def train(work: Work) -> None:
    """Makes the views, trains, and keeps the weights in the cache."""
    made = stores(work)
    print(f"training on {sum(len(each) for each in made)} views", flush=True)
    started = time.monotonic()
    fitted = fit(made, work.recipe, work.device)
    minutes = round((time.monotonic() - started) / 60, 1)
    print(f"trained for {minutes} min", flush=True)
    facts = {"minutes": minutes, **_machine(work)}
    torch.save({**dataclasses.asdict(fitted), "facts": facts}, work.weights)


def ship(work: Work) -> None:
    """Exports the weights in the cache: .onnx, golden tensors, calibration."""
    kept = torch.load(work.weights, map_location="cpu", weights_only=True)
    network = Fitted(kept["start"], kept["average"]).network(work.recipe.trained_share)
    work.output.mkdir(parents=True, exist_ok=True)
    known = few(work.parts["train"], CENTROID_PHOTOS)
    embeddings = _embeddings(network, known, work.recipe.size)
    covered = np.concatenate([
        _embeddings(network, few(known, COVERED_PHOTOS), work.recipe.size, change)
        for change in evaluation.covered(covers.TAUGHT).values()
    ])
    shown = [
        photo for name in work.categories
        for photo in few(
            [photo for photo in work.parts["train"] if photo.category == name],
            categories.MOST_OF_EACH,
        )
    ]
    category = categories.tell_apart(
        _embeddings(network, shown, work.recipe.size), [photo.category for photo in shown]
    )
    export.export(
        export.shipped(network, embeddings, covered, category, work.recipe), work.model,
        work.recipe.size, work.categories,
    )
    export.write_golden(work.model, work.output / f"{FILE_STEM}.golden", work.recipe)
    held_back, test = work.said_of("calibration"), work.said_of("test")
    write(work.paper("calibration"), calibration.calibrate(
        held_back, test, work.model, work.categories
    ))
    facts = {
        "recipe": dataclasses.asdict(work.recipe),
        "training": kept["facts"],
        "training_data_sha256": catalogue.digest(work.trained_on),
        "rendered_sha256": rendered.digest(work.pairs),
        "imagenet_weights_sha256": hashlib.sha256(Path(weights_path()).read_bytes()).hexdigest(),
        "photos": {name: len(photos) for name, photos in work.parts.items()},
        "rendered": len(work.pairs),
        "model_sha256": export.sha256(work.model),
    }
    write(work.paper("training"), facts)


def judge(work: Work) -> None:
    """Remakes metrics, plots and card from the shipped model and the test split."""
    parts, size = work.parts, work.recipe.size
    temperatures = read(work.paper("calibration"))["severity"]["temperatures"]
    test = work.said_of("test")
    metrics: dict[str, Any] = {"model_sha256": export.sha256(work.model)}
    metrics |= evaluation.measure(test, temperatures)
    print(f"test AUROC {metrics['damaged_auroc']['all']}", flush=True)
    metrics["baselines"] = {
        "without pixels: category, source, size": evaluation.auroc_of(
            test, baselines.without_pixels(parts["train"], parts["test"])
        ),
        "without pixels: category, size": evaluation.auroc_of(
            test, baselines.without_pixels(parts["train"], parts["test"], source=False)
        ),
        f"logistic regression on frozen ImageNet features ({PROBE_PHOTOS} photos)": (
            evaluation.auroc_of(test, baselines.frozen_features(
                few(parts["train"], PROBE_PHOTOS), parts["test"], size, work.cache
            ))
        ),
    }
    some = few(parts["test"], COUNTERFACTUAL_PHOTOS)
    before = predict(work.model, some, size)
    metrics["counterfactuals"] = {
        name: evaluation.flips(before, predict(work.model, some, size, change))
        for name, change in evaluation.changes().items()
    }
    metrics["counterfactuals"] |= _other_backgrounds(work)
    metrics["covered"] = _covered(work, few(parts["test"], COVERED_TEST_PHOTOS))
    metrics["admission_attempts"] = calibration.attempts(
        work.said_of("calibration"), temperatures
    )
    metrics["drawn_damage"] = _drawn_damage(work, temperatures[0])
    write(work.paper("metrics"), metrics)
    card.plots(work.output, test, temperatures)
    card.write(work.output)


def leave_one_out(work: Work) -> None:
    """Trains without each source and judges on all of its photos.

    At reduced cost: one epoch over the first set of views.
    """
    recipe = dataclasses.replace(work.recipe, passes=1, epochs=1)
    made = stores(dataclasses.replace(work, recipe=recipe))
    result: dict[str, Any] = {"views": len(made[0]), "sources": {}}
    everyone = [photo for part in work.parts.values() for photo in part]
    judged: dict[str, list[Judged]] = {"vehicles": [], "other goods": []}
    for source in sorted({photo.source for photo in everyone}):
        network = fit(made, recipe, work.device, (source,)).network(recipe.trained_share)
        foreign = [photo for photo in everyone if photo.source == source]
        score = _damaged_scores(network, foreign, work.recipe.size)
        result["sources"][source] = _foreign(work, foreign, score)
        print(source, result["sources"][source], flush=True)
        truth = np.array([photo.damaged for photo in foreign])
        if min(truth.sum(), (~truth).sum()) >= LEAST_FOREIGN_OF_EACH:
            vehicles = sum(photo.category == "vehicle" for photo in foreign) * 2 > len(foreign)
            kind = "vehicles" if vehicles else "other goods"
            groups = np.array([photo.group for photo in foreign])
            judged[kind].append((truth, score, groups))
    result["macro"] = {
        name: figures.macro_with_interval(figures.auroc, several)
        for name, several in {**judged, "all": sum(judged.values(), [])}.items() if several
    }
    write(work.paper("leave-one-out"), result)


def _foreign(work: Work, foreign: list[Photo], score: np.ndarray) -> dict[str, Any]:
    """How a network does on all photos of a source it never saw, beside the pixel-free guess."""
    truth = np.array([photo.damaged for photo in foreign])
    groups = np.array([photo.group for photo in foreign])
    others = [photo for photo in work.parts["train"] if photo.source != foreign[0].source]
    blind = baselines.without_pixels(others, foreign, source=False)
    called = score >= 0.5
    return {
        "damaged": int(truth.sum()),
        "intact": int((~truth).sum()),
        "auroc": figures.with_interval(figures.auroc, truth, score, groups),
        "without_pixels": figures.with_interval(figures.auroc, truth, blind, groups),
        "recall": float(called[truth].mean()) if truth.any() else None,
        "false_alarms": float(called[~truth].mean()) if (~truth).any() else None,
    }


def _other_backgrounds(work: Work) -> dict[str, Any]:
    """Goods on studio white, cut out and put before what is around other goods."""
    photos = few(
        [photo for photo in work.parts["test"] if views.goods_of(photo.picture()) is not None],
        COUNTERFACTUAL_PHOTOS,
    )
    if not photos:
        return {}
    backdrops = [photo for photo in work.parts["calibration"] if not photo.damaged]

    def change(image: Image.Image) -> Image.Image:
        random = np.random.default_rng(zlib.crc32(image.tobytes()))
        return views.on_backdrop(image, views.goods_of(image), backdrops, random)

    before = predict(work.model, photos, work.recipe.size)
    after = predict(work.model, photos, work.recipe.size, change)
    return {"another background, for goods on white": evaluation.flips(before, after)}


def _covered(work: Work, photos: list[Photo]) -> dict[str, Any]:
    """What is said of whole photos, and of the same with the goods covered in every way."""
    document = read(work.paper("calibration"))
    found = {"whole": evaluation.certainty(predict(work.model, photos, work.recipe.size), document)}
    for kinds in (covers.TAUGHT, covers.UNTAUGHT):
        for name, change in evaluation.covered(kinds).items():
            said = predict(work.model, photos, work.recipe.size, change)
            found[name] = evaluation.certainty(said, document) | {"taught": kinds is covers.TAUGHT}
    return found


def _drawn_damage(work: Work, temperature: float) -> dict[str, Any]:
    """Categories without damaged photos: false alarms, and recall on drawn-upon twins."""
    result = {}
    for category in ("apparel", "shoes", "packaged_goods"):
        photos = [p for p in work.parts["test"] if p.category == category and not p.damaged]
        if photos:
            intact, drawn = evaluation.twins(
                work.model, photos, work.recipe.size, work.recipe.seed
            )
            result[category] = {
                "n": len(photos),
                "false_alarms": float((intact / temperature >= 0).mean()),
                "recall_on_drawn": float((drawn / temperature >= 0).mean()),
                "auroc": figures.auroc(
                    np.repeat([0, 1], len(photos)), np.concatenate([intact, drawn])
                ),
            }
    return result


def stores(work: Work) -> list[store.Store]:
    photos = work.trained_on
    return [
        store.build(
            work.cache / "views" / str(index), photos, work.recipe, index, work.device,
            work.workers,
        )
        for index in range(work.recipe.passes)
    ]


def _embeddings(
    network: DamageNetwork, photos: list[Photo], size: int, change: Change | None = None
) -> np.ndarray:
    return np.concatenate(
        [evidence.embedding.numpy() for evidence in _evidence(network, photos, size, change)]
    )


def _damaged_scores(network: DamageNetwork, photos: list[Photo], size: int) -> np.ndarray:
    logits = [evidence.severity[:, 0].numpy() for evidence in _evidence(network, photos, size)]
    return sigmoid(np.concatenate(logits))


def _evidence(
    network: DamageNetwork, photos: list[Photo], size: int, change: Change | None = None
) -> Iterator[Evidence]:
    network = network.eval().cpu().to(memory_format=torch.channels_last)
    with torch.no_grad():
        for start in range(0, len(photos), BATCH):
            some = photos[start : start + BATCH]
            pixels = [views.plain(photo, size, change) for photo in some]
            yield network(store.normalised(np.stack(pixels)))


def few(photos: list[Photo], limit: int) -> list[Photo]:
    """A subset that depends on nothing but the names."""
    return sorted(photos, key=lambda p: hashlib.sha256(p.name.encode()).digest())[:limit]


def _machine(work: Work) -> dict[str, str]:
    return {
        "device": work.device,
        "processor_threads": str(torch.get_num_threads()),
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
    }


def digest_of(facts: dict[str, Any]) -> str:
    """A short name for what a result depends on."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:12]


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
