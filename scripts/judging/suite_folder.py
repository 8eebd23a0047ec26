"""A folder of generated test cases that is written once and again only when its recipe changes.

Layout, read by the Swift tests:

    FOLDER/CASE/model.onnx
    FOLDER/CASE/case.json             name, inputs, outputs, rtol, atol
    FOLDER/CASE/data_0/input_K.npy    one file a graph input, in order, C order, little endian
    FOLDER/CASE/data_0/output_K.npy   one file a graph output

The stamp, FOLDER.json, lies beside the folder, so that everything in the folder is a case. It holds
the recipe (package versions and a hash of the scripts) and the summary line of the run.
"""

import hashlib
import importlib.metadata
import json
import shutil
from pathlib import Path

import numpy


class SuiteFolder:
    """The folder, its stamp, and the recipe that the stamp must match."""

    def __init__(self, path, scripts, packages):
        self.path = Path(path)
        self.stamp = self.path.with_suffix(".json")
        sources = b"".join(Path(script).read_bytes() for script in [__file__, *scripts])
        self.recipe = {
            "packages": {name: importlib.metadata.version(name) for name in packages},
            "scripts": hashlib.sha256(sources).hexdigest(),
        }

    def finished_summary(self):
        """The summary of an earlier run by the same recipe, or None."""
        if not self.stamp.exists():
            return None
        stamp = json.loads(self.stamp.read_text())
        return stamp["summary"] if stamp["recipe"] == self.recipe else None

    def start(self):
        """Empties the folder and removes the stamp, so that a half-written folder is never used."""
        self.stamp.unlink(missing_ok=True)
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)

    def write_case(self, name, model, inputs, outputs, rtol, atol):
        """Writes one case; `model` is the bytes, `inputs` and `outputs` map names to arrays."""
        case = self.path / name
        (case / "data_0").mkdir(parents=True)
        (case / "model.onnx").write_bytes(model)
        description = {
            "name": name,
            "inputs": list(inputs),
            "outputs": list(outputs),
            "rtol": rtol,
            "atol": atol,
        }
        (case / "case.json").write_text(json.dumps(description) + "\n")
        for kind, arrays in (("input", inputs), ("output", outputs)):
            for index, array in enumerate(arrays.values()):
                # Not ascontiguousarray: it would turn a scalar into a vector of one.
                contiguous = numpy.asarray(array, order="C")
                numpy.save(case / "data_0" / f"{kind}_{index}.npy", contiguous)

    def finish(self, summary):
        """Writes the stamp: from now on the folder counts as complete."""
        self.stamp.write_text(json.dumps({"recipe": self.recipe, "summary": summary}, indent=1))
