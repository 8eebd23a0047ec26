"""The training loop."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from . import probes
from .backbone import pretrained
from .network import DamageNetwork, Evidence
from .recipe import Recipe
from .store import Store

REPORT_SECONDS = 30
Batch = dict[str, Tensor]
NOT_IN_BATCHES = {"source", "pooled"}


@dataclass
class Fitted:
    """The weights that training started from, and the moving average that it came to."""

    start: dict[str, Tensor]
    average: dict[str, Tensor]

    def network(self, trained_share: float) -> DamageNetwork:
        """The network at that share of the way from the start to the average."""
        weights = {
            name: torch.lerp(self.start[name], value, trained_share).cpu()
            for name, value in self.average.items()
        }
        network = DamageNetwork(pretrained(), 0.0)
        network.load_state_dict(weights)
        return network.eval()


def fit(
    stores: list[Store], recipe: Recipe, device: str, left_out: tuple[str, ...] = ()
) -> Fitted:
    """Trains in two steps: the heads on frozen features, then the later blocks and the heads.

    Photos of the sources `left_out` are never seen. A `probe_strength` of 0 leaves the heads at
    random.
    """
    torch.manual_seed(recipe.seed)
    chosen = [np.flatnonzero(~np.isin(store.sources, left_out)) for store in stores]
    network = DamageNetwork(pretrained(), recipe.dropout)
    if recipe.probe_strength > 0:
        probes.begin(network, _known(stores, chosen), recipe.probe_strength)
    network = network.to(device).to(memory_format=torch.channels_last)
    return Fitted(_copy(network), _train(network, stores, chosen, recipe, device))


def _known(stores: list[Store], chosen: list[np.ndarray]) -> dict[str, np.ndarray]:
    """The labels of the chosen views of all stores."""
    return {
        name: np.concatenate([each.labels[name][rows] for each, rows in zip(stores, chosen)])
        for name in stores[0].labels
    }


def _train(
    network: DamageNetwork, stores: list[Store], chosen: list[np.ndarray], recipe: Recipe,
    device: str,
) -> dict[str, Tensor]:
    """Changes the network along a cosine of the learning rate; returns the average weights."""
    network.train()
    average, optimizer = _copy(network), _optimizer(network, recipe)
    steps = sum(
        len(chosen[epoch % len(stores)]) // recipe.batch for epoch in range(recipe.epochs)
    )
    started, reported, losses = time.monotonic(), time.monotonic(), []
    for step, batch in enumerate(_epochs(stores, chosen, recipe, device)):
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * _cosine(step / steps, recipe)
        loss = loss_of(network.from_early(batch["features"]), batch, recipe)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        done = step + 1
        _follow(average, network, min(recipe.average_decay, done / (done + 10)))
        losses.append(loss.item())
        if time.monotonic() - reported > REPORT_SECONDS:
            reported = time.monotonic()
            speed = done * recipe.batch / (reported - started)
            recent = float(np.mean(losses[-100:]))
            print(f"  step {done}/{steps}  loss {recent:.4f}  {speed:.0f} views/s", flush=True)
    return average


def _epochs(
    stores: list[Store], chosen: list[np.ndarray], recipe: Recipe, device: str
) -> Iterator[Batch]:
    for epoch in range(recipe.epochs):
        number = epoch % len(stores)
        random = np.random.default_rng([recipe.seed, epoch, 2])
        yield from _batches(stores[number], chosen[number], recipe, random, device)


def _copy(network: DamageNetwork) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def loss_of(evidence: Evidence, batch: Batch, recipe: Recipe) -> Tensor:
    """The sum of the masked losses; what is not known of a photo weighs nothing."""
    smooth = recipe.label_smoothing
    damaged, severity = batch["damaged"], batch["severity"]
    weight = batch["weight"]
    target = damaged * (1 - 2 * smooth) + smooth
    a1, a2, a3 = evidence.severity.unbind(dim=1)
    loss = _mean(functional.binary_cross_entropy_with_logits(a1, target, reduction="none"), weight)
    for logit, level in ((a2, 2), (a3, 3)):
        known = weight * (severity >= level - 1)
        target = (severity >= level).float() * 0.9 + 0.05
        each = functional.binary_cross_entropy_with_logits(logit, target, reduction="none")
        loss = loss + recipe.severity_weight * _mean(each, known)
    each = functional.binary_cross_entropy_with_logits(
        evidence.types, batch["types"], reduction="none"
    )
    return loss + recipe.type_weight * _mean(each, batch["type_weights"])


def _mean(values: Tensor, weights: Tensor) -> Tensor:
    return (values * weights).sum() / weights.sum().clamp(min=1.0)


def _optimizer(network: DamageNetwork, recipe: Recipe) -> torch.optim.Optimizer:
    backbone, heads = network.trainable()
    for parameter in network.backbone.parameters():
        parameter.requires_grad_(False)
    for parameter in backbone:
        parameter.requires_grad_(True)
    groups = []
    for parameters, rate in ((backbone, recipe.learning_rate), (heads, recipe.head_learning_rate)):
        for decays in (True, False):
            members = [p for p in parameters if (p.dim() > 1) == decays]
            decay = recipe.weight_decay if decays else 0.0
            groups.append({"params": members, "weight_decay": decay, "peak": rate})
    return torch.optim.AdamW(groups, lr=0.0)


def _cosine(progress: float, recipe: Recipe) -> float:
    """The share of the peak rate: a linear rise, then a cosine down to a hundredth."""
    rise = min(1.0, progress / recipe.warm_up_share)
    return rise * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


@torch.no_grad()
def _follow(average: dict[str, Tensor], network: DamageNetwork, decay: float) -> None:
    for name, value in network.state_dict().items():
        average[name].lerp_(value, 1 - decay)


def _batches(
    store: Store, chosen: np.ndarray, recipe: Recipe, random: np.random.Generator, device: str
) -> Iterator[Batch]:
    order = random.permutation(chosen)
    for start in range(0, len(order) - recipe.batch + 1, recipe.batch):
        rows = np.sort(order[start : start + recipe.batch])
        batch = {
            name: torch.from_numpy(values[rows]).to(device).float()
            for name, values in store.labels.items()
            if name not in NOT_IN_BATCHES
        }
        features = torch.from_numpy(store.features[rows]).to(device).float()
        if random.random() < 0.5:
            features = features.flip(3)
        batch["features"] = features.contiguous(memory_format=torch.channels_last)
        yield batch
