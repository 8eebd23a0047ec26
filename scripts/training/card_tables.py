"""How the model card writes figures, and the JSON files that they come from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .recipe import FILE_STEM


def table(names: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    names = list(names)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def interval(each: dict[str, Any]) -> str:
    if each["value"] is None:
        return "one label only"
    return f"{each['value']:.3f} ({each['low']:.3f} to {each['high']:.3f})"


def number(value: float | None) -> str:
    return "too few" if value is None else f"{value:.3f}"


def share(value: float | None) -> str:
    return "none there" if value is None else f"{100 * value:.1f} %"


def read(folder: Path, kind: str) -> dict[str, Any] | None:
    path = folder / f"{FILE_STEM}.{kind}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
