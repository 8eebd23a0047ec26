"""The numbers of the recipe, in one place."""

from __future__ import annotations

from dataclasses import dataclass

MODEL_NAME = "damage"
MODEL_VERSION = "1.4.0"
CALIBRATION_ID = "damage-v1-cal-5"
FILE_STEM = "damage-v1"

SEVERITIES = ("none", "minor", "moderate", "severe")
TYPES = ("crack", "scratch", "dent", "tear", "stain", "crush", "broken", "missing_part")
OUTCOMES = ("resell", "refurbish", "reject")
OUTCOME_OF_SEVERITY = ("resell", "refurbish", "refurbish", "reject")

INGREDIENTS = (
    "drawn damage", "rendered pairs", "new backgrounds", "covered goods", "crop, light and camera",
)
"""What views have that plain photos do not; see `views.py` and `rendered/`."""

LEAST_FOREIGN_OF_EACH = 20
"""A left-out source with fewer photos of either label counts in no mean."""

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
    probe_strength: float = 3e-4
    """C of the logistic regressions on frozen features that every head starts from."""
    batch: int = 32
    learning_rate: float = 4e-4
    head_learning_rate: float = 3e-4
    weight_decay: float = 2e-2
    warm_up_share: float = 0.05
    dropout: float = 0.1
    label_smoothing: float = 0.02
    type_weight: float = 0.5
    severity_weight: float = 0.7
    average_decay: float = 0.99
    """Of the exponential moving average of the weights."""
    trained_share: float = 0.65
    """How far from the starting weights to the averaged ones the shipped weights lie (Wortsman et
    al. 2022, arXiv 2109.01903)."""
    centroids: int = 48
    without: tuple[str, ...] = ()
    """Of `INGREDIENTS`: what a comparison leaves out. The shipped model has all."""


@dataclass(frozen=True)
class ViewPlan:
    """How many views of a photo one pass holds, and the share of intact ones drawn upon."""

    copies: int
    synthetic_share: float


VIEW_PLANS: dict[tuple[str, bool], ViewPlan] = {
    ("vehicle", True): ViewPlan(1, 0.0),
    ("vehicle", False): ViewPlan(2, 0.35),
    ("box", True): ViewPlan(3, 0.0),
    ("box", False): ViewPlan(2, 0.35),
    ("phone", True): ViewPlan(6, 0.0),
    ("phone", False): ViewPlan(12, 0.35),
    ("packaged_goods", False): ViewPlan(2, 0.35),
    ("apparel", False): ViewPlan(1, 0.35),
    ("shoes", False): ViewPlan(3, 0.35),
}
"""By (category, damaged). Small categories are seen more often. The share drawn upon is the same
for every category, so that neither a category nor its background tells the label."""
RENDERED_PAIRS = {"box": 116, "phone": 64, "vehicle": 40}
"""How many rendered pairs of each category are trained on."""
UNSEEN_PAIRS = {"box": 10, "phone": 10, "vehicle": 6}
FIRST_UNSEEN = 1000
"""Pairs from this number on are never trained on: the map is judged on them."""
RENDERED_PLAN = ViewPlan(2, 0.0)
"""Of rendered pairs: each has its damaged twin, so nothing is drawn on the intact one."""
