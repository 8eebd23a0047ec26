"""The damage network: a backbone, patch evidence that adds up to the score, and side outputs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .backbone import EARLY_BLOCKS, FEATURE_CHANNELS, EfficientNetLite0
from .recipe import TYPES

MIDDLE_CHANNELS = 112
PATCH_CHANNELS = 32
PEAK_SHARE_AT_FIRST = 0.05
OUTPUT_NAMES = (
    "severity_logits", "type_logits", "damage_map", "embedding", "novelty_distance",
)


@dataclass
class Evidence:
    """What a forward pass says, before anything is calibrated."""

    severity: Tensor
    """[N,3] continuation-ratio logits a1, a2, a3."""
    types: Tensor
    """[N,8]"""
    patches: Tensor
    """[N,1,S/16,S/16] logits of damage by patch; a1 is pooled from these and nothing else."""
    embedding: Tensor
    """[N,1280] pooled features."""


class DamageNetwork(nn.Module):
    """P(damaged) = sigmoid(a1); P(at least moderate | damaged) = sigmoid(a2); P(severe | at least
    moderate) = sigmoid(a3).

    a1 is pooled from one map of evidence and from nothing else: mostly its mean, for damage all
    over, and for a learned share its log-mean-exp, for damage in one place. The map is a linear
    function of the deepest features, seen coarsely, plus a finer part. So the map shown to a person
    is what the score was made from (Zhou et al. 2016, arXiv 1512.04150).
    """

    def __init__(self, backbone: EfficientNetLite0, dropout: float) -> None:
        super().__init__()
        self.backbone = backbone
        self.coarse = nn.Conv2d(FEATURE_CHANNELS, 1, 1)
        self.deep = nn.Conv2d(FEATURE_CHANNELS, 4 * PATCH_CHANNELS, 1)
        self.lateral = nn.Conv2d(MIDDLE_CHANNELS, PATCH_CHANNELS, 1)
        self.patch = nn.Conv2d(2 * PATCH_CHANNELS, 1, 1)
        nn.init.zeros_(self.patch.weight)
        nn.init.zeros_(self.patch.bias)
        self.peak_share = nn.Parameter(torch.tensor([PEAK_SHARE_AT_FIRST]).logit())
        self.degree = nn.Linear(FEATURE_CHANNELS, 2)
        self.types = nn.Linear(FEATURE_CHANNELS, len(TYPES))
        self.dropout = nn.Dropout2d(dropout)

    def forward(self, pixels: Tensor) -> Evidence:
        return self.from_early(self.backbone.early(pixels))

    def from_early(self, early: Tensor) -> Evidence:
        """Continues from the frozen layers' features [N,80,S/16,S/16]."""
        middle = self.backbone.middle(early)
        late = self.backbone.late(middle)
        seen = self.dropout(late)
        deep = functional.hardtanh(twice_as_fine(self.deep(seen)), 0.0, 6.0)
        near = functional.hardtanh(self.lateral(middle), 0.0, 6.0)
        fine = self.patch(torch.cat([deep, near], dim=1))
        patches = fine + twice_as_large(self.coarse(seen))
        pooled = seen.mean(dim=(2, 3))
        severity = torch.cat([self.damaged(patches), self.degree(pooled)], dim=1)
        return Evidence(severity, self.types(pooled), patches, late.mean(dim=(2, 3)))

    def damaged(self, patches: Tensor) -> Tensor:
        """a1 [N,1] from patch logits [N,1,h,w]."""
        values = patches.flatten(1)
        peak = torch.logsumexp(values, dim=1, keepdim=True) - math.log(int(values.shape[1]))
        share = self.peak_share.sigmoid()
        return share * peak + (1 - share) * values.mean(dim=1, keepdim=True)

    def trainable(self) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """The backbone's unfrozen parameters, and those of the heads."""
        frozen = {id(p) for p in self.backbone.stem.parameters()}
        for block in self.backbone.blocks[:EARLY_BLOCKS]:
            frozen |= {id(p) for p in block.parameters()}
        backbone = [p for p in self.backbone.parameters() if id(p) not in frozen]
        inside = {id(p) for p in self.backbone.parameters()}
        return backbone, [p for p in self.parameters() if id(p) not in inside]


def twice_as_fine(values: Tensor) -> Tensor:
    """[N,4C,h,w] to [N,C,2h,2w]: four channels become a square of four patches."""
    channels, height, width = (int(values.shape[axis]) for axis in (1, 2, 3))
    channels //= 4
    squares = values.reshape(-1, channels, 2, 2, height, width)
    return squares.permute(0, 1, 4, 2, 5, 3).reshape(-1, channels, 2 * height, 2 * width)


def twice_as_large(values: Tensor) -> Tensor:
    """[N,1,h,w] to [N,1,2h,2w]: every value becomes a square of four."""
    return twice_as_fine(values.expand(-1, 4, -1, -1))


class ShippedNetwork(nn.Module):
    """The network as it is exported: fixed outputs, and the distance to known goods inside."""

    def __init__(self, network: DamageNetwork, mean: Tensor, centroids: Tensor) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("mean", mean)
        self.register_buffer("centroids", centroids)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        evidence = self.network(pixels)
        centred = evidence.embedding - self.mean
        length = (centred * centred).sum(dim=1, keepdim=True).sqrt()
        cosine = torch.matmul(centred / length, self.centroids.t())
        distance = 1.0 - cosine.amax(dim=1, keepdim=True)
        return (
            evidence.severity, evidence.types, evidence.patches, evidence.embedding, distance,
        )
