"""The ONNX file (float32, common operators, metadata) and golden tensors to check it by."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import helper
from sklearn.cluster import KMeans

from . import covers, synthetic
from .network import OUTPUT_NAMES, DamageNetwork, ShippedNetwork
from .recipe import (
    FILE_STEM, MODEL_NAME, MODEL_VERSION, PIXEL_MEAN, PIXEL_SCALE, SEVERITIES, TYPES, Recipe,
)

OPSET = 13
GOLDEN_TOLERANCE = 1e-4


def export(network: ShippedNetwork, path: Path, size: int, categories: list[str]) -> None:
    """Writes the network with a free batch dimension and the metadata that the reader expects.

    `categories`: the names in the order of the output.
    """
    network = network.eval().cpu().to(memory_format=torch.contiguous_format)
    buffer = io.BytesIO()
    axes = {name: {0: "batch"} for name in ("pixels", *OUTPUT_NAMES)}
    torch.onnx.export(
        network, (torch.zeros(1, 3, size, size),), buffer, dynamo=False, opset_version=OPSET,
        input_names=["pixels"], output_names=list(OUTPUT_NAMES), dynamic_axes=axes,
        do_constant_folding=True,
    )
    model = onnx.load_from_string(buffer.getvalue())
    _merge_pads(model.graph)
    for name, value in _metadata(size, categories).items():
        model.metadata_props.add(key=name, value=value)
    onnx.checker.check_model(model, full_check=True)
    path.write_bytes(model.SerializeToString(deterministic=True))


def shipped(
    network: DamageNetwork, embeddings: np.ndarray, covered: np.ndarray,
    category: tuple[np.ndarray, np.ndarray], recipe: Recipe,
) -> ShippedNetwork:
    """Adds the centroids of the training photos' embeddings, centred and of length one, what
    tells them from the embeddings of covered ones, and what tells categories apart."""
    mean = embeddings.mean(axis=0)
    unit = embeddings - mean
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    means = KMeans(recipe.centroids, random_state=recipe.seed, n_init=2).fit(unit)
    centroids = means.cluster_centers_
    centroids = centroids / np.linalg.norm(centroids, axis=1, keepdims=True)
    rare = np.quantile(1 - (unit @ centroids.T).max(axis=1), covers.RARE) / 2
    weights, bias = covers.tell_apart(embeddings, covered)
    return ShippedNetwork(
        network, torch.tensor(mean).float(), torch.tensor(centroids).float(),
        torch.tensor([*weights, bias]).float(), torch.tensor([np.log(rare / (1 - rare))]).float(),
        torch.tensor(np.vstack(category)).float(),
    )


def session(path: Path, threads: int = 2) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(
        str(path), on_threads(threads), providers=["CPUExecutionProvider"]
    )


def on_threads(count: int) -> onnxruntime.SessionOptions:
    """Options for ONNX Runtime; waiting threads do not spin."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = count
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return options


def write_golden(model: Path, folder: Path, recipe: Recipe) -> None:
    """Writes an input made of drawn shapes (no photo) and what ONNX Runtime answers to it."""
    folder.mkdir(parents=True, exist_ok=True)
    pixels = np.stack([_drawn_scene(recipe.size, recipe.seed + index) for index in range(2)])
    values = ((pixels.astype(np.float32) - PIXEL_MEAN) * PIXEL_SCALE).transpose(0, 3, 1, 2)
    values = np.ascontiguousarray(values, np.float32)
    outputs = session(model).run(list(OUTPUT_NAMES), {"pixels": values})
    np.save(folder / "input.npy", values)
    for name, output in zip(OUTPUT_NAMES, outputs):
        np.save(folder / f"{name}.npy", output.astype(np.float32))
    manifest = {
        "schema": "regrade.golden/1",
        "model_sha256": sha256(model),
        "tolerance": GOLDEN_TOLERANCE,
        "input": "input.npy",
        "outputs": {name: f"{name}.npy" for name in OUTPUT_NAMES},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _metadata(size: int, categories: list[str]) -> dict[str, str]:
    labels = {
        "severity": SEVERITIES, "severity_head": "continuation_ratio", "types": TYPES,
        "categories": categories,
    }
    preprocessing = {
        "size": [size, size], "fit": "stretch", "mean": [PIXEL_MEAN] * 3,
        "scale": [PIXEL_SCALE] * 3, "layout": "NCHW", "resample": "triangle_antialiased",
        "color": "sRGB",
    }
    return {
        "regrade.format": "1",
        "regrade.name": MODEL_NAME,
        "regrade.version": MODEL_VERSION,
        "regrade.labels": json.dumps(labels),
        "regrade.preprocessing": json.dumps(preprocessing),
        "regrade.card": f"{FILE_STEM}.md",
    }


def _merge_pads(graph: onnx.GraphProto) -> None:
    """Writes each Pad of zeros that feeds one Conv into that Conv's own asymmetric pads.

    The padding is TensorFlow's SAME for a side that the stride divides: kernel - stride in all,
    the odd pixel at the bottom and the right (see `SameConvolution`).
    """
    makers = {name: node for node in graph.node for name in node.output}
    for node in [node for node in graph.node if node.op_type == "Conv"]:
        pad = makers.get(node.input[0])
        if pad is None or pad.op_type != "Pad":
            continue
        settings = {attribute.name: list(attribute.ints) for attribute in node.attribute}
        total = settings["kernel_shape"][0] - settings["strides"][0]
        before, after = total // 2, total - total // 2
        for attribute in [a for a in node.attribute if a.name == "pads"]:
            node.attribute.remove(attribute)
        node.attribute.append(helper.make_attribute("pads", [before, before, after, after]))
        node.input[0] = pad.input[0]
        graph.node.remove(pad)
    _remove_unused(graph)


def _remove_unused(graph: onnx.GraphProto) -> None:
    while True:
        used = {name for node in graph.node for name in node.input}
        used |= {output.name for output in graph.output}
        unused = [node for node in graph.node if not used & set(node.output)]
        if not unused:
            break
        for node in unused:
            graph.node.remove(node)
    for tensor in [tensor for tensor in graph.initializer if tensor.name not in used]:
        graph.initializer.remove(tensor)


def _drawn_scene(size: int, seed: int) -> np.ndarray:
    """A box on a table, made of gradients, with drawn damage: uint8 [S,S,3]."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32) / size
    picture = np.stack([90 + 80 * rows, 100 + 60 * columns, 120 - 40 * rows], axis=2)
    box = (np.abs(rows - 0.55) < 0.28) & (np.abs(columns - 0.5) < 0.33)
    picture[box] = (np.array([176, 132, 88]) + 30 * (columns - rows)[..., None])[box]
    picture = synthetic.decoy(picture, random)
    picture, _, _ = synthetic.damage(picture, "box", box.astype(np.float32), random)
    return np.clip(picture + random.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
