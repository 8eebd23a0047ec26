"""The photos, their corrected labels, and the split by group."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from .recipe import TYPES

UNUSABLE = {"not_photo", "not_goods", "unsure"}
SECOND_LOOK_SOURCES = {"packages_di", "phones_nanonets"}
SINGLE_TYPE_SOURCES = {"car_damage_types"}
"""Sources that name one type a photo although several may be seen: absence is weak evidence."""
TYPE_NAMES = {"glass_shatter": "crack", **{name: name for name in TYPES}}
"""The data's names in the model's words. Shattered glass counts as `crack`. `open` (a box that
was opened) is not damage and is left out."""

SEVERITIES = {
    name: rank
    for rank, names in enumerate((("0", "none"), ("1", "minor"), ("2", "moderate"), ("3", "severe")))
    for name in names
}
"""By number, as in the shared data, or by word, as in Regrade's documents."""

PARTS = ("train", "calibration", "test")


@dataclass(frozen=True)
class Photo:
    """One photo with the labels that training may believe."""

    path: Path
    name: str
    source: str
    licence: str
    category: str
    group: str
    width: int
    height: int
    damaged: bool
    severity: int | None
    """0 none to 3 severe; None where only "damaged" is known."""
    types: tuple[str, ...] | None
    """None where unknown; empty for intact photos."""
    background: str
    """studio_white, studio_other, real_scene, or empty where nobody looked."""

    def picture(self) -> Image.Image:
        """The photo as RGB, as it is stored."""
        with Image.open(self.path) as file:
            return file.convert("RGB")

    @property
    def weight(self) -> float:
        """Lensor's severity 1 and 2 count half: a quarter of them show no damage to the eye."""
        doubtful = self.source == "lensor" and self.severity in (1, 2)
        return 0.5 if doubtful else 1.0


SECOND_LOOK = Path(__file__).with_name("second-look.csv")
"""145 vehicles of the calibration part looked at again, in random order and without their labels:
all that an earlier model or this one was at least 85 % sure are intact. `damage_visible` is 1, 0, or empty
where the eye could not tell."""


def read(data: Path) -> list[Photo]:
    """Reads manifest.csv, applies both second looks, and leaves out what is unusable."""
    notes: dict[str, dict[str, str]] = {}
    if (data / "annotations.csv").exists():
        with open(data / "annotations.csv", newline="", encoding="utf-8") as file:
            notes = {row["path"]: row for row in csv.DictReader(file)}
    photos: list[Photo] = []
    with open(data / "manifest.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            note = notes.get(row["path"])
            if note is not None and note["problem"] in UNUSABLE:
                continue
            if row["damaged"] not in ("0", "1"):
                # `regrade review export --labels` leaves empty what nobody knows.
                continue
            photo = _photo(data, row)
            photos.append(photo if note is None else _corrected(photo, note))
    with open(SECOND_LOOK, newline="", encoding="utf-8") as file:
        looked_at = {row["name"]: row["damage_visible"] for row in csv.DictReader(file)}
    return [_as_seen(photo, looked_at.get(photo.name, "")) for photo in photos]


def part(photo: Photo, salt: str) -> str:
    """train (70 %), calibration (15 %) or test (15 %), by a hash of the photo's group alone."""
    digest = hashlib.sha256(f"{salt}/{photo.group}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return "train" if share < 0.70 else "calibration" if share < 0.85 else "test"


def split(photos: list[Photo], salt: str) -> dict[str, list[Photo]]:
    """All photos by part; a group never lies in two parts."""
    parts: dict[str, list[Photo]] = {name: [] for name in PARTS}
    for photo in photos:
        parts[part(photo, salt)].append(photo)
    return parts


def digest(photos: list[Photo]) -> str:
    """SHA-256 over the names and labels that were used, to say which data a model saw."""
    lines = sorted(
        f"{photo.name},{photo.damaged},{photo.severity},{photo.types}" for photo in photos
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _photo(data: Path, row: dict[str, str]) -> Photo:
    damaged = row["damaged"] == "1"
    return Photo(
        path=data / row["path"],
        name=row["path"].removeprefix("photos/"),
        source=row["source"],
        licence=row["licence"],
        category=row["category"],
        group=row["group"],
        width=int(row["width"]),
        height=int(row["height"]),
        damaged=damaged,
        severity=_severity(row["severity"], damaged),
        types=_types(row["types"], damaged),
        background="",
    )


def _corrected(photo: Photo, note: dict[str, str]) -> Photo:
    photo = replace(photo, background=note["background"])
    problem = note["problem"]
    if problem == "wrong_label":
        damaged = note["damaged"] == "1"
        return replace(
            photo,
            damaged=damaged,
            severity=_severity(note["severity"], damaged),
            types=_types(note["types"], damaged),
        )
    looked_at = photo.source in SECOND_LOOK_SOURCES
    if note["severity"] and (problem == "severity_off" or looked_at):
        photo = replace(photo, severity=_severity(note["severity"], photo.damaged))
    if note["types"] and (problem == "type_off" or looked_at):
        photo = replace(photo, types=_types(note["types"], photo.damaged))
    return photo


def _as_seen(photo: Photo, damage_visible: str) -> Photo:
    """The photo with the label of the blind second look, where that differs."""
    if damage_visible == "" or photo.damaged == (damage_visible == "1"):
        return photo
    seen = damage_visible == "1"
    return replace(
        photo, damaged=seen, severity=None if seen else 0, types=None if seen else (),
    )


def _severity(text: str, damaged: bool) -> int | None:
    if not damaged:
        return 0
    return SEVERITIES.get(text) or None


def _types(text: str, damaged: bool) -> tuple[str, ...] | None:
    if not damaged:
        return ()
    names = [TYPE_NAMES[name] for name in text.split("|") if name in TYPE_NAMES]
    return tuple(dict.fromkeys(names)) or None
