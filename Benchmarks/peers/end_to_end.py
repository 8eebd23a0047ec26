"""From bytes to a durable row in Python: Pillow, ONNX Runtime and SQLite.

  end_to_end.py tuned|naive FOLDER DATABASE MODEL [--keep]

`tuned` decodes at a reduced size (Pillow's draft), resizes to the network's input, runs the same
network on one thread and commits each photo with synchronous=FULL in a write-ahead log. `naive`
decodes in full size first and keeps SQLite's default journal. --keep also stores each photo's bytes
in a file, flushed to the disk before the commit. Prints the seconds of the loop, without the start,
and each photo's probability of no damage, as JSON. Less than ours does: no quality features,
duplicate search, policy, encryption or audit log.
"""

import io
import json
import math
import os
import sqlite3
import sys
import time
from pathlib import Path

import numpy
import onnxruntime
from PIL import Image

SIDE = 224
MEAN, SCALE = 127.0, 1 / 128.0


def pixels(data, is_tuned):
    """The network's input: the whole photo, stretched to a square."""
    image = Image.open(io.BytesIO(data))
    if is_tuned:
        image.draft("RGB", (SIDE, SIDE))
    image = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    samples = (numpy.asarray(image, numpy.float32) - MEAN) * SCALE
    return numpy.ascontiguousarray(samples.transpose(2, 0, 1)[numpy.newaxis])


def keep(folder, index, data):
    """Stores the bytes so that they survive a power cut."""
    path = folder / str(index)
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    directory = os.open(folder, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)


def main(kind, folder, database, model, *flags):
    """Works through the folder."""
    is_tuned = kind == "tuned"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    (given,) = session.get_inputs()
    connection = sqlite3.connect(database)
    if is_tuned:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS inspections (path, outcome, logits)")
    kept = Path(database).with_suffix(".photos")
    kept.mkdir(exist_ok=True)
    files = sorted(path for path in Path(folder).iterdir() if path.is_file())
    intact = {}
    start = time.perf_counter()
    for index, path in enumerate(files):
        data = path.read_bytes()
        logits = session.run(["severity_logits"], {given.name: pixels(data, is_tuned)})[0][0]
        outcome = int((logits > 0).sum())
        if "--keep" in flags:
            keep(kept, index, data)
        connection.execute(
            "INSERT INTO inspections VALUES (?, ?, ?)",
            (path.name, outcome, json.dumps(logits.tolist())),
        )
        connection.commit()
        intact[path.name] = 1 / (1 + math.exp(logits[0]))
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "photos": len(files), "intact": intact}))


if __name__ == "__main__":
    main(*sys.argv[1:])
