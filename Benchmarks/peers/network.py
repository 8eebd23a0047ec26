"""Runs networks for the comparison: ONNX Runtime, OpenVINO or ncnn, named by the first argument.

Reads requests on stdin, one a line of JSON, and answers each with a line of JSON:
  {"model": PATH, "ncnn": PATH, "batch": 1, "threads": 1, "seconds": 0.4}
    gives {"milliseconds": median of the runs, "runs": count}
  {..., "input": FILE.npy} gives {"outputs": {name: nested lists}} of one run instead.
Sessions are kept between requests, so that only runs are timed.
"""

import json
import statistics
import sys
import time

import numpy

sessions = {}


def noise(batch):
    """The seeded input that every contender gets."""
    return numpy.random.default_rng(42).standard_normal((batch, 3, 224, 224), numpy.float32)


def onnxruntime_session(request):
    """A function from an input to outputs by name; one image after the other where the file fixes
    its batch at one, which ONNX Runtime does not let us change."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = request["threads"]
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        request["model"], options, providers=["CPUExecutionProvider"]
    )
    (given,) = session.get_inputs()
    names = [output.name for output in session.get_outputs()]

    def run(pixels):
        return dict(zip(names, session.run(None, {given.name: pixels})))

    def run_each(pixels):
        results = [run(pixels[index : index + 1]) for index in range(len(pixels))]
        return {name: numpy.concatenate([r[name] for r in results]) for name in names}

    return run_each if given.shape[0] == 1 else run


def openvino_session(request):
    """A function from an input to outputs by name."""
    import openvino

    core = openvino.Core()
    model = core.read_model(request["model"])
    model.reshape([request["batch"], 3, 224, 224])
    compiled = core.compile_model(
        model,
        "CPU",
        {
            "INFERENCE_NUM_THREADS": request["threads"],
            "NUM_STREAMS": 1,
            "INFERENCE_PRECISION_HINT": "f32",
        },
    )
    infer = compiled.create_infer_request()
    outputs = {output.any_name: output for output in compiled.outputs}

    def run(pixels):
        result = infer.infer({0: pixels}, share_inputs=True, share_outputs=True)
        return {name: result[output] for name, output in outputs.items()}

    return run


def ncnn_session(request):
    """A function from an input to outputs by name; one image after the other."""
    import ncnn

    net = ncnn.Net()
    net.opt.num_threads = request["threads"]
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    net.opt.use_bf16_storage = False
    net.load_param(request["ncnn"] + ".param")
    net.load_model(request["ncnn"] + ".bin")

    def run(pixels):
        results = []
        for image in pixels:
            with net.create_extractor() as extractor:
                extractor.input("in0", ncnn.Mat(image).clone())
                results.append(numpy.array(extractor.extract("out0")[1]))
        return {"out0": numpy.stack(results)}

    return run


MAKERS = {"onnxruntime": onnxruntime_session, "openvino": openvino_session, "ncnn": ncnn_session}


def answer(contender, request):
    """What a request asks for."""
    key = (request["model"], request["batch"], request["threads"])
    if key not in sessions:
        sessions[key] = MAKERS[contender](request)
    run = sessions[key]
    if "input" in request:
        outputs = run(numpy.load(request["input"]))
        return {"outputs": {name: numpy.asarray(o).tolist() for name, o in outputs.items()}}
    pixels = noise(request["batch"])
    times = []
    end = time.perf_counter() + request["seconds"]
    for round in range(100_000):
        start = time.perf_counter()
        run(pixels)
        if round >= 3:
            times.append((time.perf_counter() - start) * 1e3)
        if len(times) >= 5 and time.perf_counter() > end:
            break
    return {"milliseconds": statistics.median(times), "runs": len(times)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(sys.argv[1], json.loads(line))), flush=True)
