"""Judges the comparison with references: see docs/reference-comparison.md.

    comparison.py tiles FOLDER PROGRAM…       image AUROC by number of references
    comparison.py groceries FOLDER PROGRAM…   false alarms, and detection by size of damage

PROGRAM… is the command to which a plan is given on standard input, one set a line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from training import synthetic

COUNTS = (1, 2, 5, 10, 20)
DRAWS = 3
LEVEL = 0.02


def area_under_curve(good: np.ndarray, bad: np.ndarray) -> float:
    """The chance that a bad photo scores above a good one, ties counting half."""
    return float(np.mean((bad[:, None] > good) + 0.5 * (bad[:, None] == good)))


def tile_sets(folder: Path, draws: int = DRAWS) -> tuple[list[dict], dict[str, bool]]:
    """Sets of references and photos: 120 good tiles and all broken ones, drawn again each time."""
    good = sorted((folder / "MT_Free" / "Imgs").glob("*.jpg"))
    bad = sorted(p for p in folder.glob("MT_*/Imgs/*.jpg") if p.parts[-3] != "MT_Free")
    truth = {str(p): False for p in good} | {str(p): True for p in bad}
    sets = []
    for draw in range(draws):
        order = [str(good[i]) for i in np.random.default_rng(draw).permutation(len(good))]
        for count in COUNTS:
            sets.append({
                "set": f"{count} {draw}", "references": order[:count],
                "photos": order[20:140] + [str(p) for p in bad], "lends": False,
                "inTheMiddle": False,
            })
    return sets, truth


def run(program: list[str], sets: list[dict]) -> list[dict]:
    """What the program says, a dictionary a line."""
    plan = "".join(json.dumps(entry) + "\n" for entry in sets)
    answer = subprocess.run(program, input=plan, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def judge_tiles(folder: Path, program: list[str]) -> None:
    """Prints the mean AUROC over the draws, with the least and the greatest."""
    sets, truth = tile_sets(folder)
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


def damaged_copies(photo: Path, folder: Path, seed: int) -> list[tuple[Path, float]]:
    """Copies with drawn damage, at most one of each size class, with the share of the photo."""
    copies = []
    missing = list(range(len(SIZES)))
    picture = np.asarray(
        Image.open(photo).convert("RGB").resize((304, 304), Image.Resampling.BILINEAR), np.float32)
    goods = np.zeros(picture.shape[:2], np.float32)
    goods[60:-60, 60:-60] = 1
    random = np.random.default_rng(seed)
    for _ in range(10):
        result, mask, _ = synthetic.damage(picture, "packaged_goods", goods, random)
        share = float((mask > synthetic.VISIBLE).mean())
        size = next((i for i in missing if SIZES[i][0] <= share < SIZES[i][1]), None)
        if size is None or share == 0:
            continue
        missing.remove(size)
        path = folder / f"{seed}-{size}.jpg"
        Image.fromarray(result.astype(np.uint8)).save(path, quality=90)
        copies.append((path, share))
    return copies


def grocery_items(folder: Path) -> dict[str, list[Path]]:
    """The photos of each packaged article that has at least 34, good ones all."""
    items: dict[str, list[Path]] = {}
    for photo in sorted(folder.glob("dataset/*/Packages/*/*/*.jpg")):
        items.setdefault(photo.parent.name, []).append(photo)
    return {name: photos for name, photos in items.items() if len(photos) >= 34}


def judge_groceries(folder: Path, program: list[str], count: int = 20) -> None:
    """Half of the articles lend their references' scores to the other half, and back."""
    place = folder.parent / "groceries-damaged"
    place.mkdir(exist_ok=True)
    items = grocery_items(folder)
    names = sorted(items)
    share_of: dict[str, float] = {}
    rows: list[dict] = []
    for half in range(2):
        sets = []
        drawn = {}
        for name in names:
            order = np.random.default_rng(7).permutation(len(items[name]))
            drawn[name] = [str(items[name][i]) for i in order]
        for name in names[half::2]:
            sets.append({"set": name, "references": drawn[name][:count], "photos": [],
                         "lends": True, "inTheMiddle": True})
        for name in names[1 - half::2]:
            photos = drawn[name][20:]
            for index, photo in enumerate(photos[:6]):
                seed = names.index(name) * 100 + index
                for path, share in damaged_copies(Path(photo), place, seed):
                    share_of[str(path)] = share
                    photos.append(str(path))
            # One more, of another article: is it told apart?
            other = names[(names.index(name) + 2) % len(names)]
            sets.append({"set": name, "references": drawn[name][:count],
                         "photos": photos + drawn[other][20:24], "lends": False,
                         "inTheMiddle": True})
        for line in run(program, sets):
            if "score" in line:
                line["kind"] = ("damaged" if line["photo"] in share_of
                                else "good" if line["photo"] in drawn[line["set"]] else "other")
                rows.append(line)
    (place / f"scores-{count}.json").write_text(json.dumps({"rows": rows, "share": share_of}))
    report_groceries(rows, share_of, count)


def report_groceries(rows: list[dict], share_of: dict[str, float], count: int) -> None:
    """Prints the rates."""
    good = [row for row in rows if row["kind"] == "good"]
    print(f"{count} references; {len(good)} good photos, "
          f"{len({row['set'] for row in good})} articles")
    comparable = [row for row in good if row["isComparable"]]
    alarms = [row for row in comparable if row["pooledPValue"] <= LEVEL]
    print(f"good photos called not comparable: {1 - len(comparable) / len(good):.1%}")
    print(f"false alarms at {LEVEL:.0%}: {len(alarms)} of {len(comparable)}, "
          f"{len(alarms) / max(1, len(comparable)):.1%}")
    for low, high, name in SIZES:
        of_size = [row for row in rows if row["kind"] == "damaged"
                   and low <= share_of[row["photo"]] < high]
        found = [row for row in of_size if row["pooledPValue"] <= LEVEL]
        auroc = area_under_curve(np.array([r["score"] for r in good]),
                                 np.array([r["score"] for r in of_size]))
        print(f"damage on {name} of the photo: found {len(found)} of {len(of_size)}, "
              f"{len(found) / max(1, len(of_size)):.0%}; AUROC {auroc:.3f}")
    other = [row for row in rows if row["kind"] == "other"]
    own_similarity = np.array([row["similarity"] for row in good])
    other_similarity = np.array([row["similarity"] for row in other])
    print(f"another article: not comparable {sum(not r['isComparable'] for r in other)} of "
          f"{len(other)}; AUROC of similarity "
          f"{area_under_curve(other_similarity, own_similarity):.3f}")


if __name__ == "__main__":
    {"tiles": judge_tiles, "groceries": judge_groceries}[sys.argv[1]](
        Path(sys.argv[2]), sys.argv[3:])
