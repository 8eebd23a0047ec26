"""The damage network: a backbone, patch evidence that adds up to the score, and side outputs."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .backbone import EARLY_BLOCKS, FEATURE_CHANNELS, EfficientNetLite
from .recipe import TYPES

OUTPUT_NAMES = (
    "severity_logits", "type_logits", "damage_map", "embedding", "novelty_distance",
    "category_logits",
)


@dataclass
class Evidence:
    """What a forward pass says, before anything is calibrated."""

    severity: Tensor
    """[N,3] continuation-ratio logits a1, a2, a3."""
    types: Tensor
    """[N,8]"""
    patches: Tensor
    """[N,1,S/32,S/32] logits of damage by patch; a1 is their mean and nothing else."""
    embedding: Tensor
    """[N,1280] pooled features."""


class DamageNetwork(nn.Module):
    """P(damaged) = sigmoid(a1); P(at least moderate | damaged) = sigmoid(a2); P(severe | at least
    moderate) = sigmoid(a3).

    a1 is the mean of one map of evidence and nothing else, so the map shown to a person is what the
    score was made from (Zhou et al. 2016, arXiv 1512.04150).
    """

    def __init__(self, backbone: EfficientNetLite, dropout: float) -> None:
        super().__init__()
        self.backbone = backbone
        self.damaged = nn.Conv2d(FEATURE_CHANNELS, 1, 1)
        self.degree = nn.Linear(FEATURE_CHANNELS, 2)
        self.types = nn.Linear(FEATURE_CHANNELS, len(TYPES))
        self.dropout = nn.Dropout2d(dropout)

    def forward(self, pixels: Tensor) -> Evidence:
        return self.from_early(self.backbone.early(pixels))

    def from_early(self, early: Tensor) -> Evidence:
        """Continues from the frozen layers' features [N,80,S/16,S/16]."""
        late = self.backbone.late(self.backbone.middle(early))
        seen = self.dropout(late)
        patches = self.damaged(seen)
        pooled = seen.mean(dim=(2, 3))
        damaged = patches.mean(dim=(2, 3))
        severity = torch.cat([damaged, self.degree(pooled)], dim=1)
        return Evidence(severity, self.types(pooled), patches, late.mean(dim=(2, 3)))

    def trainable(self) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
        """The backbone's unfrozen parameters, and those of the heads."""
        frozen = {id(p) for p in self.backbone.stem.parameters()}
        for block in self.backbone.blocks[:EARLY_BLOCKS]:
            frozen |= {id(p) for p in block.parameters()}
        backbone = [p for p in self.backbone.parameters() if id(p) not in frozen]
        inside = {id(p) for p in self.backbone.parameters()}
        return backbone, [p for p in self.parameters() if id(p) not in inside]


class ShippedNetwork(nn.Module):
    """The network as it is exported: fixed outputs, and inside them how far a photo is from what is known.

    `novelty_distance` is the larger of two numbers from 0 to 2: 1 less the cosine similarity to the nearest
    centroid of known goods, and how covered the goods look (`covers.py`), on a scale whose `rare` distance
    is reached by one whole photo in a hundred. `category_logits` are linear in the embedding
    (`categories.py`).
    """

    def __init__(
        self, network: DamageNetwork, mean: Tensor, centroids: Tensor, covered: Tensor, rare: Tensor,
        category: Tensor,
    ) -> None:
        """`covered`: [1281] weights of the embedding and a bias; `rare`: [1] as a logit of half of it;
        `category`: [1281,K], the biases last."""
        super().__init__()
        self.network = network
        self.register_buffer("mean", mean)
        self.register_buffer("centroids", centroids)
        self.register_buffer("covered_weight", covered[:-1].reshape(-1, 1))
        self.register_buffer("covered_bias", covered[-1:] + rare)
        self.register_buffer("category_weight", category[:-1])
        self.register_buffer("category_bias", category[-1:])

    def forward(self, pixels: Tensor) -> tuple[Tensor, ...]:
        evidence = self.network(pixels)
        centred = evidence.embedding - self.mean
        length = (centred * centred).sum(dim=1, keepdim=True).sqrt()
        cosine = torch.matmul(centred / length, self.centroids.t())
        distance = 1.0 - cosine.amax(dim=1, keepdim=True)
        covered = torch.matmul(evidence.embedding, self.covered_weight) + self.covered_bias
        both = torch.cat([distance, 2.0 * torch.sigmoid(covered)], dim=1)
        distance = both.amax(dim=1, keepdim=True)
        category = torch.matmul(evidence.embedding, self.category_weight) + self.category_bias
        return (
            evidence.severity, evidence.types, evidence.patches, evidence.embedding, distance,
            category,
        )
