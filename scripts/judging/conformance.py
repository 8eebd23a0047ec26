"""Writes the ONNX backend node cases that this engine can be asked to run.

The cases come from the `onnx` package itself, so nobody here chose or changed them. Left out, and
counted by reason: training cases, and cases with a tensor of another type than float32, int32,
int64 or bool, with a sequence, or with an absent optional value.
"""

import collections
import sys
import warnings

import numpy
import onnx
from onnx.backend.test.case.node import collect_testcases

from suite_folder import SuiteFolder

ELEMENT_TYPES = {numpy.dtype(kind) for kind in ("float32", "int32", "int64", "bool")}


def as_array(value):
    """The value as a numpy array, or None where it is not one tensor of a plain type."""
    if isinstance(value, onnx.TensorProto):
        value = onnx.numpy_helper.to_array(value)
    is_tensor = isinstance(value, (numpy.ndarray, numpy.generic))
    return numpy.asarray(value) if is_tensor else None


def reason_to_leave_out(case, values):
    """Why the case is not ours to run, or None; `values` are all its inputs and outputs."""
    domains = {node.domain for node in case.model.graph.node}
    if "training" in case.name or "ai.onnx.preview.training" in domains:
        return "training"
    arrays = [as_array(value) for value in values]
    if any(array is None for array in arrays):
        return "sequence or optional"
    others = sorted({str(array.dtype) for array in arrays if array.dtype not in ELEMENT_TYPES})
    if others:
        return "string" if others == ["object"] else f"{others[0]} tensor"
    return None


def named(graph_values, values):
    """The arrays by the names of the graph's inputs or outputs."""
    names = [value.name for value in graph_values]
    if len(names) != len(values):
        raise ValueError(f"{len(names)} graph values, but the case has {len(values)}: {names}")
    return {name: as_array(value) for name, value in zip(names, values)}


def write_suite(suite):
    """Writes every case that is ours; returns the summary line."""
    numpy.random.seed(0)
    with warnings.catch_warnings():
        # The suite divides by zero on purpose.
        warnings.simplefilter("ignore", RuntimeWarning)
        cases = collect_testcases(None)
    left_out = collections.Counter()
    written = 0
    for case in sorted(cases, key=lambda case: case.name):
        (inputs, outputs), = case.data_sets
        reason = reason_to_leave_out(case, [*inputs, *outputs])
        if reason:
            left_out[reason] += 1
            continue
        graph = case.model.graph
        suite.write_case(
            case.name,
            case.model.SerializeToString(deterministic=True),
            named(graph.input, inputs),
            named(graph.output, outputs),
            case.rtol,
            case.atol,
        )
        written += 1
    reasons = ", ".join(f"{count} {reason}" for reason, count in left_out.most_common())
    return (
        f"conformance suite: {written} of {len(cases)} node cases of onnx {onnx.__version__}"
        f" written; left out: {reasons}"
    )


def main(folder):
    """Brings the folder up to date and prints its summary."""
    suite = SuiteFolder(folder, [__file__], ["onnx", "numpy"])
    summary = suite.finished_summary()
    if summary is None:
        suite.start()
        summary = write_suite(suite)
        suite.finish(summary)
    print(summary)


if __name__ == "__main__":
    main(sys.argv[1])
