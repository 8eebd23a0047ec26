"""Judges the comparison with references: see docs/reference-comparison.md.

    comparison.py station FOLDER PROGRAM…     image AUROC by number of references; FOLDER ends with
                                              tiles, screw or toothbrush
    comparison.py groceries FOLDER PROGRAM…   false alarms, and detection by size of damage
    comparison.py again FOLDER PROGRAM…       the same of single photos, each taken again and again

PROGRAM… is the command to which a plan is given on standard input, one set a line.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from training import synthetic

COUNTS = (1, 2, 5, 10, 20)
DRAWS = 3
LEVEL = 0.02


def area_under_curve(good: np.ndarray, bad: np.ndarray) -> float:
    """The chance that a bad photo scores above a good one, ties counting half."""
    return float(np.mean((bad[:, None] > good) + 0.5 * (bad[:, None] == good)))


def tiles(folder: Path) -> tuple[list[Path], list[Path], list[Path]]:
    """Good tiles, none of them set apart for judging, and broken ones."""
    good = sorted((folder / "MT_Free" / "Imgs").glob("*.jpg"))
    bad = sorted(p for p in folder.glob("MT_*/Imgs/*.jpg") if p.parts[-3] != "MT_Free")
    return good, [], bad


def mvtec(folder: Path) -> tuple[list[Path], list[Path], list[Path]]:
    """A category of MVTec AD: good ones to learn from, good ones to judge, broken ones."""
    place, = folder.glob("*/*/train")
    tests = sorted(place.parent.glob("test/*/*.png"))
    apart = [p for p in tests if p.parent.name in ("good", "0")]
    return sorted(place.glob("good/*.png")), apart, [p for p in tests if p not in apart]


STATIONS = {"tiles": tiles, "screw": mvtec, "toothbrush": mvtec}


def station_sets(name: str, folder: Path) -> tuple[list[dict], dict[str, bool]]:
    """Sets of references and photos: up to 120 good photos and all broken ones, drawn again each
    time."""
    good, apart, bad = STATIONS[name](folder)
    truth = {str(p): False for p in good + apart} | {str(p): True for p in bad}
    sets = []
    for draw in range(DRAWS):
        order = [str(good[i]) for i in np.random.default_rng(draw).permutation(len(good))]
        judged = ([str(p) for p in apart] + order[20:])[:120]
        for count in COUNTS:
            sets.append({
                "set": f"{count} {draw}", "references": order[:count],
                "photos": judged + [str(p) for p in bad], "lends": False, "inTheMiddle": False,
            })
    return sets, truth


def run(program: list[str], sets: list[dict]) -> list[dict]:
    """What the program says, a dictionary a line."""
    plan = "".join(json.dumps(entry) + "\n" for entry in sets)
    answer = subprocess.run(program, input=plan, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def judge_station(folder: Path, program: list[str]) -> None:
    """Prints the mean AUROC over the draws, with the least and the greatest."""
    sets, truth = station_sets(folder.name, folder)
    bad = sum(truth[photo] for photo in sets[0]["photos"])
    print(f"{len(sets[0]['photos']) - bad} good photos, {bad} broken ones")
    scores: dict[str, list[tuple[float, bool]]] = {}
    for line in run(program, sets):
        if "score" in line:
            scores.setdefault(line["set"], []).append((line["score"], truth[line["photo"]]))
    print("| references | AUROC, mean of 3 draws | least | greatest |\n|---|---|---|---|")
    for count in COUNTS:
        values = []
        for draw in range(DRAWS):
            of_set = scores[f"{count} {draw}"]
            good = np.array([score for score, is_bad in of_set if not is_bad])
            bad = np.array([score for score, is_bad in of_set if is_bad])
            values.append(area_under_curve(good, bad))
        print(f"| {count} | {np.mean(values):.3f} | {min(values):.3f} | {max(values):.3f} |")


SIZES = ((0.0, 0.01, "under 1 %"), (0.01, 0.03, "1 to 3 %"), (0.03, 0.1, "3 to 10 %"),
         (0.1, 1.0, "over 10 %"))


SIDE = 304
MARGIN = 60


def opened(photo: Path) -> Image.Image:
    """A photo as damage is drawn on it."""
    return Image.open(photo).convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)


def damaged(
    photo: Image.Image, category: str, random: np.random.Generator
) -> list[tuple[Image.Image, float]]:
    """Copies with drawn damage, at most one of each size class, with the share of the photo."""
    copies = []
    missing = list(range(len(SIZES)))
    picture = np.asarray(photo, np.float32)
    goods = np.zeros(picture.shape[:2], np.float32)
    goods[MARGIN:-MARGIN, MARGIN:-MARGIN] = 1
    for _ in range(10):
        result, mask, _ = synthetic.damage(picture, category, goods, random)
        share = float((mask > synthetic.VISIBLE).mean())
        size = next((i for i in missing if SIZES[i][0] <= share < SIZES[i][1]), None)
        if size is None or share == 0:
            continue
        missing.remove(size)
        copies.append((Image.fromarray(result.astype(np.uint8)), share))
    return copies


@dataclass
class Item:
    """An article: its references, and what is compared with them."""

    references: list[str]
    good: list[str]
    damaged: dict[str, float] = field(default_factory=dict)
    """Photos with drawn damage, and its share of each."""
    others: list[str] = field(default_factory=list)
    """Photos of another article."""


def judge_items(items: dict[str, Item], program: list[str], place: Path) -> None:
    """Half of the items lend their references' scores to the other half, and back."""
    names = sorted(items)
    rows = []
    for half in range(2):
        sets = [{"set": name, "references": items[name].references, "photos": [], "lends": True,
                 "inTheMiddle": True} for name in names[half::2]]
        for name in names[1 - half::2]:
            item = items[name]
            sets.append({"set": name, "references": item.references, "lends": False,
                         "photos": item.good + list(item.damaged) + item.others,
                         "inTheMiddle": True})
        for line in run(program, sets):
            if "score" in line:
                item = items[line["set"]]
                line["share"] = item.damaged.get(line["photo"])
                line["kind"] = ("damaged" if line["share"] is not None
                                else "other" if line["photo"] in item.others else "good")
                rows.append(line)
    (place / "scores.json").write_text(json.dumps(rows))
    report(rows)


def grocery_items(folder: Path) -> dict[str, list[Path]]:
    """The photos of each packaged article that has at least 34, good ones all."""
    items: dict[str, list[Path]] = {}
    for photo in sorted(folder.glob("dataset/*/Packages/*/*/*.jpg")):
        items.setdefault(photo.parent.name, []).append(photo)
    return {name: photos for name, photos in items.items() if len(photos) >= 34}


def judge_groceries(folder: Path, program: list[str], count: int = 20) -> None:
    """Articles that were photographed often, before changing backgrounds."""
    place = folder.parent / "groceries-damaged"
    place.mkdir(exist_ok=True)
    photos = grocery_items(folder)
    drawn = {}
    for name, paths in photos.items():
        order = np.random.default_rng(7).permutation(len(paths))
        drawn[name] = [str(paths[i]) for i in order]
    names = sorted(drawn)
    items = {}
    for number, name in enumerate(names):
        item = Item(drawn[name][:count], drawn[name][20:])
        for index, photo in enumerate(item.good[:6]):
            random = np.random.default_rng(number * 100 + index)
            for size, (copy, share) in enumerate(
                    damaged(opened(Path(photo)), "packaged_goods", random)):
                path = place / f"{number}-{index}-{size}.jpg"
                copy.save(path, quality=90)
                item.damaged[str(path)] = share
        # One more, of another article: is it told apart?
        item.others = drawn[names[(number + 2) % len(names)]][20:24]
        items[name] = item
    judge_items(items, program, place)


def taken_again(photo: Image.Image, random: np.random.Generator) -> bytes:
    """The same item before the same background, photographed again, as a JPEG file: turned by up to
    6 degrees, cut by up to a tenth, in other light and colour, less sharp, saved anew."""
    side = photo.width
    turned = photo.rotate(random.uniform(-6, 6), Image.Resampling.BICUBIC)
    # What lies within whatever the angle is.
    inner = side * 0.9 * random.uniform(0.9, 1)
    left, top = random.uniform(0.05 * side, 0.95 * side - inner, 2)
    result = turned.crop((int(left), int(top), int(left + inner), int(top + inner)))
    result = result.resize((side, side), Image.Resampling.BILINEAR)
    result = ImageEnhance.Brightness(result).enhance(random.uniform(0.75, 1.25))
    result = ImageEnhance.Contrast(result).enhance(random.uniform(0.85, 1.15))
    colour = np.asarray(result, np.float32) * random.uniform(0.94, 1.06, 3)
    result = Image.fromarray(colour.clip(0, 255).astype(np.uint8))
    file = io.BytesIO()
    result.save(file, "jpeg", quality=int(random.uniform(60, 95)))
    return file.getvalue()


def judge_again(folder: Path, program: list[str], count: int = 20) -> None:
    """Boxes and cartons of the training photos, of which there is one photo each."""
    with open(folder / "annotations.csv", newline="") as file:
        looked_at = {row["path"]: row for row in csv.DictReader(file)}
    with open(folder / "manifest.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["damaged"] == "0"]
    for category in ("box", "packaged_goods"):
        of_category = sorted(row["path"] for row in rows if row["category"] == category)
        photos = [
            path for path in of_category
            if path not in looked_at or not looked_at[path]["problem"]
        ][:60]
        place = Path(".cache/comparison/again") / category
        place.mkdir(parents=True, exist_ok=True)
        items = {}
        for number, path in enumerate(photos):
            random = np.random.default_rng(number)
            photo = opened(folder / path)

            def saved(picture: Image.Image, name: str) -> str:
                file = place / f"{number}-{name}.jpg"
                file.write_bytes(taken_again(picture, random))
                return str(file)

            item = Item([saved(photo, f"reference-{i}") for i in range(count)],
                        [saved(photo, f"good-{i}") for i in range(12)])
            for index in range(2):
                for size, (copy, share) in enumerate(damaged(photo, category, random)):
                    item.damaged[saved(copy, f"damaged-{index}-{size}")] = share
            items[f"{number:03}"] = item
        print(f"\n{category}")
        judge_items(items, program, place)


def report(rows: list[dict]) -> None:
    """Prints the rates."""
    good = [row for row in rows if row["kind"] == "good"]
    print(f"{len(good)} good photos of {len({row['set'] for row in good})} items")
    comparable = [row for row in good if row["isComparable"]]
    alarms = [row for row in comparable if row["pooledPValue"] <= LEVEL]
    print(f"good photos called not comparable: {1 - len(comparable) / len(good):.1%}")
    low, high = wilson(len(alarms), len(comparable))
    print(f"false alarms at {LEVEL:.0%}: {len(alarms)} of {len(comparable)}, "
          f"{len(alarms) / max(1, len(comparable)):.1%} (95 % interval {low:.1%} to {high:.1%})")
    for low, high, name in SIZES:
        of_size = [row for row in rows
                   if row["kind"] == "damaged" and low <= row["share"] < high]
        if not of_size:
            continue
        found = [row for row in of_size if row["pooledPValue"] <= LEVEL]
        auroc = area_under_curve(np.array([r["score"] for r in good]),
                                 np.array([r["score"] for r in of_size]))
        print(f"damage on {name} of the photo: found {len(found)} of {len(of_size)}, "
              f"{len(found) / len(of_size):.0%}; AUROC {auroc:.3f}")
    other = [row for row in rows if row["kind"] == "other"]
    if other:
        auroc = area_under_curve(np.array([row["similarity"] for row in other]),
                                 np.array([row["similarity"] for row in good]))
        print(f"another article: not comparable {sum(not r['isComparable'] for r in other)} of "
              f"{len(other)}; AUROC of similarity {auroc:.3f}")


def wilson(count: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, square = count / max(1, total), z * z / max(1, total)
    middle = (share + square / 2) / (1 + square)
    half = z * (share * (1 - share) / max(1, total) + square * square / (4 * z * z)) ** 0.5
    return middle - half / (1 + square), middle + half / (1 + square)


if __name__ == "__main__":
    {"station": judge_station, "groceries": judge_groceries, "again": judge_again}[sys.argv[1]](
        Path(sys.argv[2]), sys.argv[3:])
