"""Renders pairs of the same goods in one scene, intact and damaged, for training.

    render.py FOLDER box|phone|vehicle PAIRS [FIRST]

writes FOLDER/KIND/NNNNN-intact.jpg and FOLDER/KIND/NNNNN-damaged.jpg, and FOLDER/KIND/NNNNN.json with the kinds of
damage and their severity. A pair is made by its number alone; what is there already is not made again,
so an interrupted run goes on, and several may run side by side.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "fixtures"))

import bpy  # noqa: E402
import numpy  # noqa: E402
from PIL import Image  # noqa: E402

import car_scenes  # noqa: E402
import parcel_scenes  # noqa: E402
import phone_scenes  # noqa: E402
import studio  # noqa: E402

SIDE, SAMPLES = 288, 6
JPEG_QUALITY = 92
SCENES = {"box": parcel_scenes, "phone": phone_scenes, "vehicle": car_scenes}


def main(folder, kind, pairs, first="0"):
    folder = Path(folder) / kind
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(int(first), int(first) + int(pairs)):
        about = folder / f"{number:05d}.json"
        if about.exists():
            continue
        facts = {}
        for state in ("intact", "damaged"):
            facts = SCENES[kind].build(number, damaged=state == "damaged")
            _for_speed(bpy.context.scene)
            plain = folder / f"{number:05d}-{state}.png"
            studio.take_picture(plain, SIDE, SIDE, SAMPLES, facts["exposure"])
            picture = Image.open(plain).convert("RGB")
            picture.save(plain.with_suffix(".jpg"), quality=JPEG_QUALITY)
            plain.unlink()
        about.write_text(json.dumps(facts))
        print(number, facts["types"], flush=True)


def _for_speed(scene):
    """One thread a process, and a coarse map of where light comes from: a fine one costs seconds."""
    scene.render.threads_mode = "FIXED"
    scene.render.threads = 1
    scene.world.cycles.sampling_method = "MANUAL"
    scene.world.cycles.sample_map_resolution = 128


if __name__ == "__main__":
    main(*sys.argv[1:])
