"""The tables of the model card that `scripts/train --study NAME` makes; empty until that was run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .card_tables import interval, number, read, share, table

NOT_MADE = "_Not measured for this model: `scripts/train --study {}`._"


def tables(folder: Path) -> dict[str, str]:
    """By the names that card.template.md uses."""
    makers = {
        "labels": _labels, "small-damage": _small_damage, "explanation": _explanation,
        "times": _times, "sizes": _sizes, "items": _items, "comparison": _comparison,
    }
    return {
        name.replace("-", "_"): maker(found) if (found := read(folder, name))
        else NOT_MADE.format(name)
        for name, maker in makers.items()
    }


def _labels(found: dict[str, Any]) -> str:
    suspects = found["suspects"]
    called = sum(damaged for _, damaged, _ in suspects)
    return table(("what", "found"), (
        ("photos looked at", found["photos"]),
        ("same picture in two groups", f"{len(found['same_picture_in_two_groups'])} pairs"),
        ("same picture in two parts of the split",
         f"{len(found['same_picture_in_two_parts'])} pairs"),
        ("same picture or group called damaged and intact", len(found["damaged_and_intact"])),
        ("same picture or group graded two or three levels apart",
         len(found["grades_two_apart"])),
        ("labels that confident learning doubts",
         f"{len(suspects)}: {called} called damaged, {len(suspects) - called} called intact"),
    ))


def _small_damage(found: dict[str, Any]) -> str:
    widths = [str(width) for width in found["widths"]]
    parts = []
    for title, key in (
        ("Recall where one half decides", "recall"),
        ("Recall at 5 % false alarms", "recall_at_5_percent_false_alarms"),
        ("AUROC against the same pictures undamaged", "auroc"),
    ):
        rows = [
            (name, share(each["false_alarms"]),
             *(interval(each["by_width"][width][key]) for width in widths))
            for name, each in found["readings"].items()
        ]
        names = ("how it is read", "false alarms", *(f"{width} px" for width in widths))
        parts.append(f"{title}, {found['photos']} pictures a width:\n\n{table(names, rows)}")
    return "\n\n".join(parts)


def _explanation(found: dict[str, Any]) -> str:
    kinds = found["by_kind"]
    rows = [
        ("pictures, called damaged", *(
            f"{each['pictures']}, {each['called_damaged']}" for each in kinds.values()
        )),
        *(
            (title, *(interval(each[key]) for each in kinds.values()))
            for title, key in (
                ("a1 falls by, marked region deleted", "drop_marked"),
                ("a1 falls by, other regions deleted (mean)", "drop_others"),
                ("share of other regions that lower it less", "others_below"),
                ("marked region lowers it most of all 25", "is_greatest"),
            )
        ),
        *(
            (title, *(interval(each["curves"][key]["area"]) for each in kinds.values()))
            for title, key in (
                ("deletion curve, in the map's order: area (low is good)", "deletion_map"),
                ("the same in random order", "deletion_random"),
                ("insertion curve, in the map's order: area (high is good)", "insertion_map"),
                ("the same in random order", "insertion_random"),
            )
        ),
        *(
            (title, *(
                interval(each[key]) if key in each else "not marked" for each in kinds.values()
            ))
            for title, key in (
                ("pointing game: strongest patch lies on the damage", "hit"),
                ("by chance", "chance"),
            )
        ),
    ]
    return table(("", *kinds), rows)


def _times(found: dict[str, Any]) -> str:
    rows = [(name, each) for name, each in found["readings"].items()]
    backbones = found["backbones"]
    shipped = backbones["EfficientNet-Lite0, 224 pixels (shipped)"]
    rows += [
        (f"backbone alone: {name}", f"{each} ({each / shipped:.2f} times)")
        for name, each in backbones.items()
    ]
    return f"{found['runtime']}; median.\n\n" + table(("what", "ms a photo"), rows)


def _sizes(found: dict[str, Any]) -> str:
    return table(
        ("backbone and input", "held-back photos", "macro mean of left-out sources"),
        (
            (name, interval(each["held_back"]), interval(each["foreign_macro"]))
            for name, each in found.items()
        ),
    )


def _comparison(found: dict[str, Any]) -> str:
    lines = found["lines"]
    sources = list(next(iter(lines.values()))["sources"])
    return table(
        ("training", "held-back photos", *sources, "macro mean"),
        (
            (name, interval(each["held_back"]),
             *(number(each["sources"][source]["value"]) for source in sources),
             interval(each["macro"]))
            for name, each in lines.items()
        ),
    ) + f"\n\nEach on up to {max(each['views'] for each in lines.values())} views, for one epoch."


def _items(found: dict[str, Any]) -> str:
    keys = ("auroc", "recall", "false_alarms", "calibration_error")
    fusion = table(
        ("items", "rule", "AUROC", "recall", "false alarms", "ECE"),
        (
            (items, rule, *(interval(each[key]) for key in keys))
            for items, rules in found["fusion"].items() for rule, each in rules.items()
        ),
    )
    head = found["category"]
    category = table(
        ("category", "right", "taken for", "right claims flagged", "wrong claims flagged"),
        (
            (name, interval(each["accuracy"]),
             ", ".join(f"{other} {count}" for other, count in each["taken_for"].items()) or "-",
             share(each["right_claims_flagged"]), share(each["wrong_claims_flagged"]))
            for name, each in head["by_category"].items()
        ),
    )
    never = ", ".join(
        f"{share(each['right_claims_flagged'])} of {each['n']} in {name}"
        for name, each in head["never_seen"].items()
    )
    return (
        f"{fusion}\n\nCategory, all: {interval(head['accuracy'])}.\n\n{category}\n\n"
        "A photo is flagged if the stated category is less probable than "
        f"{head['minimum_probability']:.4f}. Flagged vehicles of a source that this answer was made\n"
        f"without: {never}."
    )
