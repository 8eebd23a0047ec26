"""The numbers of the recipe, in one place."""

from __future__ import annotations

from dataclasses import dataclass

MODEL_NAME = "damage"
MODEL_VERSION = "1.0.0"
CALIBRATION_ID = "damage-v1-cal-1"
FILE_STEM = "damage-v1"

SEVERITIES = ("none", "minor", "moderate", "severe")
TYPES = ("crack", "scratch", "dent", "tear", "stain", "crush", "broken", "missing_part")
OUTCOMES = ("resell", "refurbish", "reject")
OUTCOME_OF_SEVERITY = ("resell", "refurbish", "refurbish", "reject")

PIXEL_MEAN = 127.0
PIXEL_SCALE = 1.0 / 128.0


@dataclass(frozen=True)
class Recipe:
    """Everything that changes the trained weights, apart from the code and the photos."""

    seed: int = 20261121
    split_salt: str = "regrade-split-1"
    size: int = 224
    passes: int = 2
    """How many independently augmented sets of views are made of the training photos."""
    epochs: int = 2
    """How many sets of views are trained on; beyond `passes`, sets are used again, mirrored."""
    horizon_epochs: int = 6
    """The length of the cosine of the learning rate, of which `epochs` are run."""
    cool_downs: tuple[int, ...] = (900, 1500)
    """Steps of the legs that follow: each starts from the averaged weights of the one before and
    brings the learning rate to nothing (warm restarts, Loshchilov and Hutter 2017)."""
    batch: int = 32
    learning_rate: float = 6e-4
    head_learning_rate: float = 3e-3
    weight_decay: float = 2e-2
    warm_up_share: float = 0.05
    dropout: float = 0.2
    label_smoothing: float = 0.02
    map_weight: float = 0.5
    type_weight: float = 0.5
    severity_weight: float = 0.7
    drawn_weight: float = 0.5
    """Of a drawn-upon view in "damaged or not": it must not make half of all cloth suspect."""
    average_decay: float = 0.998
    """Of the exponential moving average of the weights, which is what ships."""
    centroids: int = 48


@dataclass(frozen=True)
class ViewPlan:
    """How many views of a photo one pass holds, and the share of intact ones drawn upon."""

    copies: int
    synthetic_share: float


VIEW_PLANS: dict[tuple[str, bool], ViewPlan] = {
    ("vehicle", True): ViewPlan(1, 0.0),
    ("vehicle", False): ViewPlan(4, 0.2),
    ("box", True): ViewPlan(8, 0.0),
    ("box", False): ViewPlan(8, 0.35),
    ("phone", True): ViewPlan(12, 0.0),
    ("phone", False): ViewPlan(24, 0.35),
    ("packaged_goods", False): ViewPlan(4, 0.5),
    ("apparel", False): ViewPlan(2, 0.5),
    ("shoes", False): ViewPlan(4, 0.5),
}
"""By (category, damaged). Small categories are seen more often; categories that are intact only
are drawn upon half the time, so that neither cloth nor carton means "intact"."""
