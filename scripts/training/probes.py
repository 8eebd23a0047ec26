"""The heads' starting weights: logistic regressions on frozen features.

A head that starts at random drags the backbone away from what ImageNet taught it; one that starts
from the best linear answer does not (Kumar et al. 2022, arXiv 2202.10054).
"""

from __future__ import annotations

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from .network import DamageNetwork

ITERATIONS = 150
LEAST_POSITIVES = 5
Labels = dict[str, np.ndarray]


def begin(network: DamageNetwork, labels: Labels, strength: float) -> None:
    """Sets the heads so that each gives what a logistic regression on `pooled` would give.

    Views that neither answer is right for (0.5) are left out: a linear answer cannot tell them apart.
    """
    answered = labels["damaged"] != 0.5
    labels = {name: values[answered] for name, values in labels.items()}
    scaler = StandardScaler().fit(labels["pooled"])
    features = scaler.transform(labels["pooled"])

    def fitted(answer: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
        known = weight > 0
        least = min(answer[known].sum(), (~answer[known]).sum())
        if least < LEAST_POSITIVES:
            share = (answer[known].sum() + 0.5) / (known.sum() + 1.0)
            return np.zeros(features.shape[1]), float(np.log(share / (1 - share)))
        machine = LogisticRegression(C=strength, max_iter=ITERATIONS)
        machine.fit(features[known], answer[known], weight[known])
        slope = machine.coef_[0] / scaler.scale_
        return slope, float(machine.intercept_[0] - slope @ scaler.mean_)

    severity, weight = labels["severity"], labels["weight"]
    answers = [(labels["damaged"] > 0.5, weight)]
    answers += [(severity >= level, weight * (severity >= level - 1)) for level in (2, 3)]
    answers += [
        (labels["types"][:, index] > 0.5, labels["type_weights"][:, index])
        for index in range(labels["types"].shape[1])
    ]
    slopes, offsets = zip(*(fitted(answer, weight) for answer, weight in answers))
    slope, offset = torch.tensor(np.stack(slopes)).float(), torch.tensor(offsets).float()
    with torch.no_grad():
        network.damaged.weight.copy_(slope[:1, :, None, None])
        network.damaged.bias.copy_(offset[:1])
        for head, rows in ((network.degree, slice(1, 3)), (network.types, slice(3, None))):
            head.weight.copy_(slope[rows])
            head.bias.copy_(offset[rows])
