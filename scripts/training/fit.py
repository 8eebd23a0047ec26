"""The training loop."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .backbone import pretrained
from .network import DamageNetwork, Evidence
from .recipe import Recipe
from .store import Store

REPORT_SECONDS = 30
COOL_DOWN_WARM_UP = 10
Batch = dict[str, Tensor]


def fit(
    stores: list[Store], recipe: Recipe, device: str, left_out: frozenset[str] = frozenset(),
    after_leg: Callable[[DamageNetwork, int], None] | None = None,
    begun: DamageNetwork | None = None, legs_done: int = 0,
) -> DamageNetwork:
    """Trains in legs and returns the moving average of the weights.

    The main leg follows a cosine of `horizon_epochs` for `epochs`; each further one starts from the
    average of the one before and cools down. Photos of the sources `left_out` are never seen.
    `after_leg` is given the average so far and the number of legs done; `begun` is the average
    after `legs_done` legs, to go on from.
    """
    torch.manual_seed(recipe.seed)
    chosen = [np.flatnonzero(~np.isin(store.sources, list(left_out))) for store in stores]

    def batches(first_epoch: int) -> Iterator[Batch]:
        for epoch in itertools.count(first_epoch):
            number = epoch % len(stores)
            random = np.random.default_rng([recipe.seed, epoch, 2])
            yield from _batches(stores[number], chosen[number], recipe, random, device)

    network = DamageNetwork(pretrained(), recipe.dropout) if begun is None else begun
    legs = _legs([len(rows) // recipe.batch for rows in chosen], recipe)
    for number, (first_epoch, steps, rate) in enumerate(legs):
        if number < legs_done:
            continue
        network = _leg(network, batches(first_epoch), steps, rate, recipe, device)
        if after_leg is not None:
            after_leg(network, number + 1)
    return network


def _legs(counts: list[int], recipe: Recipe) -> list[tuple[int, int, Callable[[int], float]]]:
    """First epoch, steps and learning rate of each leg, from the steps an epoch of each set has."""

    def steps_of(epochs: int) -> int:
        return sum(counts[epoch % len(counts)] for epoch in range(epochs))

    horizon = steps_of(recipe.horizon_epochs)
    reached = _cosine(recipe.epochs / recipe.horizon_epochs, recipe)
    legs = [(0, steps_of(recipe.epochs), lambda step: _cosine(step / horizon, recipe))]
    for number, steps in enumerate(recipe.cool_downs):

        def falling(step: int, steps: int = steps) -> float:
            return reached * min(1.0, (step + 1) / COOL_DOWN_WARM_UP) * (1 - step / steps)

        legs.append((recipe.epochs + 2 * number, steps, falling))
    return legs


def _leg(
    network: DamageNetwork, batches: Iterator[Batch], steps: int,
    rate: Callable[[int], float], recipe: Recipe, device: str,
) -> DamageNetwork:
    """Runs some steps with the given share of the peak learning rate; returns the average."""
    network = network.to(device).to(memory_format=torch.channels_last).train()
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    optimizer = _optimizer(network, recipe)
    started, reported, losses = time.monotonic(), time.monotonic(), []
    for step, batch in enumerate(itertools.islice(batches, steps)):
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate(step)
        loss = loss_of(network.from_early(batch["features"]), batch, recipe)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        done = step + 1
        _follow(average, network, min(recipe.average_decay, done / (done + 20)))
        losses.append(loss.item())
        if time.monotonic() - reported > REPORT_SECONDS:
            reported = time.monotonic()
            speed = done * recipe.batch / (reported - started)
            recent = float(np.mean(losses[-100:]))
            print(f"  step {done}/{steps}  loss {recent:.4f}  {speed:.0f} views/s", flush=True)
    result = DamageNetwork(pretrained(), recipe.dropout)
    result.load_state_dict(average)
    return result.eval()


def loss_of(evidence: Evidence, batch: Batch, recipe: Recipe) -> Tensor:
    """The sum of the masked losses; what is not known of a photo weighs nothing."""
    smooth = recipe.label_smoothing
    damaged, severity = batch["damaged"], batch["severity"]
    weight = batch["weight"] * (1 - (1 - recipe.drawn_weight) * batch["drawn"])
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
    loss = loss + recipe.type_weight * _mean(each, batch["type_weights"])
    return loss + recipe.map_weight * _map_loss(evidence.patches, batch)


def _map_loss(patches: Tensor, batch: Batch) -> Tensor:
    """Patches under drawn damage and patches of intact goods weigh alike."""
    mask, known = batch["mask"], batch["mask_known"][:, None, None]
    each = functional.binary_cross_entropy_with_logits(patches[:, 0], mask, reduction="none")
    drawn = (mask > 0).float() * known
    return 0.5 * _mean(each, drawn) + 0.5 * _mean(each, known * (1 - drawn))


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
            if name != "source"
        }
        features = torch.from_numpy(store.features[rows]).to(device).float()
        if random.random() < 0.5:
            features, batch["mask"] = features.flip(3), batch["mask"].flip(2)
        batch["features"] = features.contiguous(memory_format=torch.channels_last)
        yield batch
