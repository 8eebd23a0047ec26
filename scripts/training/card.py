"""The model card: prose from `card.template.md`, tables from the JSON files beside the model."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

import matplotlib
import numpy as np

from . import card_studies
from .card_tables import interval, number, read, share, table
from .predictions import (
    Predictions, outcome_probabilities, probabilities, sigmoid, true_outcomes,
)
from .recipe import FILE_STEM, LEAST_FOREIGN_OF_EACH, SEVERITIES

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend must be chosen before)

TEMPLATE = Path(__file__).with_name("card.template.md")
TRIED = Path(__file__).with_name("tried.md")
"""Written by hand when the recipe was chosen."""
NOT_MADE = "_Not measured for this model._"


def write(folder: Path) -> None:
    """Writes models/damage-v1.md from whatever was measured."""
    metrics, calibration = read(folder, "metrics"), read(folder, "calibration")
    training, foreign = read(folder, "training"), read(folder, "leave-one-out")
    assert metrics and calibration and training
    tables = {
        "auroc": _auroc_table(metrics),
        "goals": _goals_table(metrics, foreign),
        "rates": _rates_table(metrics),
        "severity": _severity_table(metrics["vehicle_severity"]),
        "types": _types_table(metrics["type_average_precision"]),
        "calibration": _calibration_table(metrics, calibration),
        "automated": _automated_table(calibration),
        "attempts": _attempts_table(metrics["admission_attempts"]),
        "foreign": _foreign_table(foreign) if foreign else NOT_MADE,
        "counterfactuals": _counterfactual_table(metrics["counterfactuals"]),
        "covered": _covered_table(metrics["covered"]),
        "drawn": _drawn_table(metrics["drawn_damage"]),
        "training": _training_table(training),
        "rendered": training["rendered"],
        "tried": TRIED.read_text(encoding="utf-8").split("\n", 1)[1].strip(),
        "model_sha256": metrics["model_sha256"],
        **card_studies.tables(folder),
    }
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(tables)
    (folder / f"{FILE_STEM}.md").write_text(text, encoding="utf-8")


def plots(folder: Path, test: Predictions, temperatures: list[float]) -> None:
    """models/damage-v1.reliability.png: calibration of "damaged", and risk against coverage."""
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(8, 3.6), dpi=100)
    for label, scale in (("raw", 1.0), ("calibrated", temperatures[0])):
        score = sigmoid(test.severity[:, 0] / scale)
        order = np.argsort(score)
        bins = [rows for rows in np.array_split(order, 15) if len(rows)]
        left.plot(
            [score[rows].mean() for rows in bins], [test.damaged[rows].mean() for rows in bins],
            marker="o", markersize=3, label=label,
        )
    left.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    left.set(xlabel="stated probability of damage", ylabel="share damaged", title="Reliability")
    left.legend()
    truth = true_outcomes(test.photos)
    outcomes = outcome_probabilities(probabilities(test.severity, temperatures))[truth >= 0]
    wrong = outcomes.argmax(axis=1) != truth[truth >= 0]
    order = np.argsort(-outcomes.max(axis=1), kind="stable")
    count = np.arange(1, len(order) + 1)
    right.plot(count / len(order), np.cumsum(wrong[order]) / count)
    right.set(xlabel="coverage", ylabel="share of wrong outcomes", title="Risk against coverage")
    right.set_ylim(bottom=0)
    figure.tight_layout()
    figure.savefig(folder / f"{FILE_STEM}.reliability.png", metadata={"Software": None})
    pyplot.close(figure)


def _goals_table(metrics: dict[str, Any], foreign: dict[str, Any] | None) -> str:
    """What was asked for, and what it came to."""
    own = metrics["damaged_auroc"]["all"]
    blind = metrics["baselines"]["without pixels: category, source, size"]["value"]
    risk = metrics["risk_at_coverage"]["70%"]
    kappa = metrics["vehicle_severity"]["quadratic_kappa"]
    drawn = metrics["drawn_damage"]
    rows = [
        ("own test: AUROC at least 0.985", interval(own), own["value"] >= 0.985),
        ("own test: 0.05 above the baseline without pixels", f"{own['value'] - blind:+.3f}",
         own["value"] - blind >= 0.05),
        ("ECE at most 0.03", number(metrics["outcome"]["ece"]), metrics["outcome"]["ece"] <= 0.03),
        ("risk at 70 % coverage at most 1 %", share(risk), risk <= 0.01),
        ("severity of vehicles: kappa at least 0.70", interval(kappa), kappa["value"] >= 0.7),
        ("no damaged photos: false alarms at most 1 %", _each(drawn, "false_alarms"),
         all(each["false_alarms"] <= 0.01 for each in drawn.values())),
        ("no damaged photos: recall on drawn-upon twins at least 80 %",
         _each(drawn, "recall_on_drawn"),
         all(each["recall_on_drawn"] >= 0.8 for each in drawn.values())),
    ]
    if foreign:
        macro = foreign["macro"]["all"]
        counted = [
            each["without_pixels"]["value"] for each in foreign["sources"].values()
            if min(each["damaged"], each["intact"]) >= LEAST_FOREIGN_OF_EACH
        ]
        above = macro["value"] - float(np.mean(counted))
        rows[:0] = [
            ("foreign sources: AUROC at least 0.95", interval(macro), macro["value"] >= 0.95),
            ("foreign sources: 0.05 above the baseline without pixels", f"{above:+.3f}",
             above >= 0.05),
        ]
    return table(
        ("goal", "measured", ""), ((*row, "reached" if is_so else "missed") for *row, is_so in rows)
    )


def _each(drawn: dict[str, Any], key: str) -> str:
    return ", ".join(f"{name} {share(each[key])}" for name, each in drawn.items())


def _auroc_table(metrics: dict[str, Any]) -> str:
    figures = metrics["damaged_auroc"]
    rows = [("**all test photos**", figures["all"])]
    rows += [(f"category {name}", each) for name, each in figures["by_category"].items()]
    rows += [(f"source {name}", each) for name, each in figures["by_source"].items()]
    rows += [(f"baseline, {name}", each) for name, each in metrics["baselines"].items()]
    return table(
        ("photos", "AUROC damaged or intact (95 % interval)", "n"),
        ((name, interval(each), each["n"]) for name, each in rows),
    )


def _rates_table(metrics: dict[str, Any]) -> str:
    return table(
        ("category", "damaged", "recall", "intact", "false alarms"),
        (
            (name, each["damaged"], share(each["recall"]), each["intact"],
             share(each["false_alarms"]))
            for name, each in metrics["at_one_half"].items()
        ),
    )


def _severity_table(severity: dict[str, Any]) -> str:
    head = (
        f"Accuracy {share(severity['accuracy'])}, within one level "
        f"{share(severity['within_one_level'])}, quadratic kappa "
        f"{interval(severity['quadratic_kappa'])}.\n\n"
    )
    rows = severity["rows_truth_columns_guess"]
    return head + table(
        ("truth \\ answer", *SEVERITIES), ((name, *row) for name, row in zip(SEVERITIES, rows))
    )


def _types_table(types: dict[str, Any]) -> str:
    return table(
        ("type", "photos with it", "average precision"),
        (
            (name, f"{each['positives']} of {each['n']}", number(each["average_precision"]))
            for name, each in types.items()
        ),
    )


def _calibration_table(metrics: dict[str, Any], calibration: dict[str, Any]) -> str:
    rows = [
        (title, number(metrics["outcome_uncalibrated"][key]), number(metrics["outcome"][key]))
        for title, key in (("ECE, 15 equal-mass bins", "ece"), ("Brier", "brier"), ("NLL", "nll"))
    ]
    temperatures = ", ".join(str(value) for value in calibration["severity"]["temperatures"])
    risk = ", ".join(
        f"{share(value)} at {coverage}" for coverage, value in metrics["risk_at_coverage"].items()
    )
    return (
        table(("outcome, test split", "raw", "calibrated"), rows)
        + f"\n\nTemperatures {temperatures}. ECE of \"damaged or not\" alone "
        + f"{number(metrics['damaged_calibration_error'])}. Share of wrong outcomes among the "
        + f"most confident: {risk} coverage."
    )


def _attempts_table(attempts: list[dict[str, Any]]) -> str:
    lines = ["| category | outcome | surest cases | wrong |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {each['category']} | {each['outcome']} | {each['surest']} | {each['errors']} |"
        for each in attempts
    ]
    return "\n".join(lines)


def _automated_table(calibration: dict[str, Any]) -> str:
    rows = [
        (entry["category"], name, each["threshold"], each["n"], each["errors"],
         share(each["error_upper_bound"]))
        for entry in calibration["automated"]
        for name, each in entry["outcomes"].items()
    ]
    if not rows:
        return "**Nothing is admitted: every item goes to a person.**"
    names = ("category", "outcome", "from confidence", "held-back cases", "errors", "upper bound")
    return table(names, rows)


def _foreign_table(foreign: dict[str, Any]) -> str:
    rows = [
        (name, each["damaged"], each["intact"], interval(each["auroc"]),
         interval(each["without_pixels"]), share(each["recall"]), share(each["false_alarms"]))
        for name, each in foreign["sources"].items()
    ]
    rows += [
        (f"**macro mean, {name}**", "", "", f"**{interval(each)}**", "", "", "")
        for name, each in foreign["macro"].items()
    ]
    names = (
        "source left out", "damaged", "intact", "AUROC", "without pixels (category, size)",
        "recall at one half", "false alarms",
    )
    return table(names, rows) + (
        f"\n\nThe shipped recipe on {foreign['views']} views, less those of the source, for one epoch."
    )


def _counterfactual_table(counterfactuals: dict[str, Any]) -> str:
    return table(
        ("change", "decisions flipped", "damaged before", "damaged after", "n"),
        (
            (name, share(each["flipped"]), share(each["said_damaged_before"]),
             share(each["said_damaged_after"]), each["n"])
            for name, each in counterfactuals.items()
        ),
    )


def _covered_table(covered: dict[str, Any]) -> str:
    return table(
        ("goods covered by", "called damaged", "unfamiliar", "sure enough to be decided",
         "decided by the machine", "n"),
        (
            (f"{name}{'' if each.get('taught', True) else ', never taught'}", share(each["damaged"]),
             share(each["unfamiliar"]), share(each["sure_enough"]), share(each["decided"]), each["n"])
            for name, each in covered.items()
        ),
    )


def _drawn_table(drawn: dict[str, Any]) -> str:
    return table(
        ("category", "n", "false alarms on intact", "recall on drawn-upon twins", "AUROC"),
        (
            (name, each["n"], share(each["false_alarms"]), share(each["recall_on_drawn"]),
             number(each["auroc"]))
            for name, each in drawn.items()
        ),
    )


def _training_table(training: dict[str, Any]) -> str:
    facts = {
        **{f"photos, {name}": count for name, count in training["photos"].items()},
        **training["training"],
        **training["recipe"],
        "rendered pictures": training["rendered"],
        "rendered pictures (SHA-256)": training["rendered_sha256"],
        "labels used (SHA-256)": training["training_data_sha256"],
        "ImageNet weights (SHA-256)": training["imagenet_weights_sha256"],
    }
    return table(("what", "value"), ((name, f"`{value}`") for name, value in facts.items()))
