"""Times the engine beside its peers and prints tables; see docs/performance.md.

  bench.py REGRADE PART... [--quick] [--photos FOLDER] [--small FOLDER]

Contenders alternate in every round, each pinned to the same core or cores, so that a machine that
changes its speed does so for all. A ratio is ours divided by the other's of the same round; the
table gives its median and, in brackets, the quartiles. Below 1 means that we are faster.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILD = ROOT / ".cache/bench"
NETWORKS = {
    "shipped model": ROOT / "models/damage-v1.onnx",
    "EfficientNet-Lite0": ROOT / ".cache/parity/efficientnet_lite0/model.onnx",
    "MobileNetV2": ROOT / ".cache/parity/mobilenet_v2/model.onnx",
    "ResNet-18": ROOT / ".cache/parity/resnet18/model.onnx",
}


def pinned(cores):
    """The command that pins what follows it."""
    return ["taskset", "-c", cores]


def ratio(ours, theirs):
    """Median and quartiles of the ratios of each round."""
    ratios = sorted(a / b for a, b in zip(ours, theirs))
    if len(ratios) < 3:
        return f"{statistics.median(ratios):.2f}"
    low, middle, high = statistics.quantiles(ratios, n=4)
    return f"{middle:.2f} [{low:.2f}, {high:.2f}]"


def table(title, heading, rows):
    """Prints a table in Markdown."""
    print(f"\n### {title}\n\n| {' | '.join(heading)} |\n|{'---|' * len(heading)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |", flush=True)


class Peer:
    """A process that holds one engine's sessions."""

    def __init__(self, name, cores):
        self.process = subprocess.Popen(
            pinned(cores) + [sys.executable, HERE / "peers/network.py", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def ask(self, **request):
        """The answer to one request, or None if the engine cannot do it."""
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else None


def our_network(regrade, model, batch, threads, seconds, cores):
    """Median milliseconds of one round."""
    command = [regrade, "model", "bench", model, "--json"]
    command += ["--batch", batch, "--threads", threads, "--seconds", seconds]
    command = [str(word) for word in pinned(cores) + command]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["median_ms"]


def largest_difference(regrade, model, peer, ncnn):
    """The largest difference of any output to a peer's, relative to that output's largest value."""
    with tempfile.TemporaryDirectory() as folder:
        pixels = numpy.random.default_rng(1).standard_normal((1, 3, 224, 224), numpy.float32)
        file = Path(folder) / "input.npy"
        numpy.save(file, pixels)
        info = subprocess.run(
            [regrade, "model", "info", model, "--json"], check=True, capture_output=True
        )
        (given,) = json.loads(info.stdout)["inputs"]
        command = [regrade, "model", "run", model, "--input", f"{given['name']}={file}"]
        subprocess.run(command + ["--output-dir", folder], check=True, capture_output=True)
        answer = peer.ask(model=str(model), ncnn=ncnn, batch=1, threads=1, input=str(file))
        worst = 0.0
        for name, values in answer["outputs"].items():
            theirs = numpy.asarray(values, numpy.float32).ravel()
            files = [Path(folder) / f"{name}.npy"]
            if not files[0].exists():
                files = [f for f in Path(folder).glob("*.npy") if f.name != "input.npy"]
            ours = numpy.load(files[0]).ravel()
            worst = max(worst, float(abs(ours - theirs).max() / abs(theirs).max()))
        return worst


def network(regrade, quick):
    """Networks, float32."""
    rounds, seconds = (3, 0.3) if quick else (7, 0.4)
    cases = [(1, 1)] if quick else [(1, 1), (8, 1), (1, 2), (8, 2)]
    converted = BUILD / "ncnn"
    for batch, threads in cases:
        cores = "1" if threads == 1 else "0,1"
        names = ["onnxruntime", "openvino", "ncnn"]
        peers = {name: Peer(name, cores) for name in names}
        rows = []
        for title, model in NETWORKS.items():
            name = model.parent.name if model.stem == "model" else model.stem
            ncnn = str(converted / name)
            contenders = [n for n in names if n != "ncnn" or Path(ncnn + ".bin").exists()]
            request = {"model": str(model), "ncnn": ncnn, "batch": batch, "threads": threads}
            times = {name: [] for name in ["ours"] + contenders}
            for _ in range(rounds):
                times["ours"].append(our_network(regrade, model, batch, threads, seconds, cores))
                for name in contenders:
                    times[name].append(peers[name].ask(**request, seconds=seconds)["milliseconds"])
            row = [title] + [
                f"{statistics.median(times[name]):.2f}" if name in times else "-"
                for name in ["ours"] + names
            ]
            fastest = min(contenders, key=lambda name: statistics.median(times[name]))
            row += [ratio(times["ours"], times[fastest]) + f" of {fastest}"]
            if (batch, threads) == (1, 1):
                row += [f"{largest_difference(regrade, model, peers['onnxruntime'], ncnn):.1e}"]
            rows.append(row)
        for peer in peers.values():
            peer.process.stdin.close()
            peer.process.wait()
        heading = ["network", "ours", "ONNX Runtime", "OpenVINO", "ncnn", "ours / fastest"]
        if (batch, threads) == (1, 1):
            heading += ["largest difference to ONNX Runtime"]
        table(f"Network: batch {batch}, {threads} thread(s), milliseconds a round", heading, rows)


def gemm(_, quick):
    """Products of matrices."""
    rounds = "30" if quick else "100"
    lines = subprocess.run(
        pinned("1") + [BUILD / "gemm", rounds], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    rows, ours, theirs, worst = [], 0.0, 0.0, 0.0
    for line in lines:
        pixels, inputs, outputs, count, our_time, their_time, difference = map(float, line.split())
        rate = pixels * inputs * outputs * 2e-6
        rows.append(
            [f"{pixels:.0f} x {inputs:.0f} x {outputs:.0f}", f"{count:.0f}"]
            + [f"{our_time:.3f}", f"{their_time:.3f}", f"{our_time / their_time:.2f}"]
            + [f"{rate / our_time:.0f}", f"{rate / their_time:.0f}"]
        )
        ours += count * our_time
        theirs += count * their_time
        worst = max(worst, difference)
    rows.append(["all", "", f"{ours:.3f}", f"{theirs:.3f}", f"{ours / theirs:.2f}", "", ""])
    heading = ["pixels x inputs x outputs", "times", "ours ms", "sgemm ms", "ratio"]
    heading += ["ours GFLOP/s", "sgemm GFLOP/s"]
    table("Pointwise convolutions of EfficientNet-Lite0 against OpenBLAS sgemm alone", heading, rows)
    print(f"\nLargest difference of any element: {worst:.1e}")


def decode(_, quick, photos):
    """Files to pixels."""
    rounds = "5" if quick else "21"
    rows = []
    files = sorted(photos.glob("*.jpg"))[: 2 if quick else 5] + sorted(
        (ROOT / "fixtures").glob("*.png")
    )
    for file in files:
        for reduction in ["1"] if file.suffix == ".png" else ["8", "4", "1"]:
            command = pinned("1") + [BUILD / "decode", file, reduction, rounds]
            answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            ours, theirs, middle, different = map(float, answer.split())
            rows.append(
                [file.name, f"1/{reduction}", f"{ours:.2f}", f"{theirs:.2f}", f"{middle:.3f}"]
                + [f"{different:.0f}"]
            )
    heading = ["file", "scale", "ours ms", "codec alone ms", "ratio", "bytes that differ"]
    table("Decoding: ours against libjpeg-turbo's and libpng's own loop", heading, rows)


def corpus(source, count, folder):
    """A folder of `count` photos: those of the source again and again."""
    files = sorted(f for f in source.iterdir() if f.suffix.lower() in (".jpg", ".jpeg"))
    for index in range(count):
        file = files[index % len(files)]
        shutil.copy(file, folder / f"{index:05}{file.suffix}")
    return folder


def our_seconds(regrade, folder, place, cores, keeps):
    """The batch alone, without the start, as it reports it."""
    command = [regrade, "batch", folder, "--data", place / "data", "--fresh", "--json"]
    command += ["--progress", "none"] + ([] if keeps else ["--no-keep-photos"])
    answer = subprocess.run(pinned(cores) + command, check=True, capture_output=True)
    return json.loads(answer.stdout)["elapsed_seconds"]


def peer_seconds(kind, folder, place, cores, keeps):
    """The loop alone, without the start."""
    command = [sys.executable, HERE / "peers/end_to_end.py", kind, folder, place / "peer.sqlite"]
    command += [NETWORKS["shipped model"]] + (["--keep"] if keeps else [])
    answer = subprocess.run(pinned(cores) + command, check=True, capture_output=True)
    return json.loads(answer.stdout)["seconds"]


def end_to_end(regrade, quick, photos, small):
    """Bytes to durable adjudications."""
    rounds = 2 if quick else 5
    for title, source, count in [
        ("camera photos, 8 to 12 megapixels", photos, 15 if quick else 40),
        ("small photos", small, 60 if quick else 200),
    ]:
        rows = []
        with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
            folder = Path(scratch) / "photos"
            folder.mkdir()
            corpus(source, count, folder)
            for keeps in [False, True]:
                times = {"ours": [], "two": [], "tuned": [], "naive": []}
                for _ in range(rounds):
                    for name in times:
                        place = Path(tempfile.mkdtemp(dir=scratch))
                        if name in ("ours", "two"):
                            cores = "1" if name == "ours" else "0,1"
                            seconds = our_seconds(regrade, folder, place, cores, keeps)
                        else:
                            seconds = peer_seconds(name, folder, place, "1", keeps)
                        times[name].append(seconds / count * 1e3)
                        shutil.rmtree(place)
                rows.append(
                    ["yes" if keeps else "no"]
                    + [f"{statistics.median(times[name]):.1f}" for name in times]
                    + [ratio(times[name], times["ours"]) for name in ("tuned", "naive")]
                    + [ratio(times["ours"], times["two"])]
                )
        heading = ["photo kept", "ours ms", "ours on two cores", "tuned peer", "naive peer"]
        heading += ["tuned / ours", "naive / ours", "one core / two"]
        table(f"End to end: {title}, milliseconds a photo ({count} a run)", heading, rows)


def main(regrade, *words):
    """Runs the parts asked for."""
    quick = "--quick" in words
    folders = {"--photos": "photos-full-size", "--small": "packages_di"}
    words = list(words)
    for option in folders:
        if option in words:
            index = words.index(option)
            folders[option] = words[index + 1]
            del words[index : index + 2]
    photos, small = Path(folders["--photos"]), Path(folders["--small"])
    parts = [word for word in words if not word.startswith("--")]
    for part in parts:
        if part == "network":
            network(regrade, quick)
        elif part == "gemm":
            gemm(regrade, quick)
        elif part == "decode":
            decode(regrade, quick, photos)
        elif part == "end-to-end":
            end_to_end(regrade, quick, photos, small)


if __name__ == "__main__":
    main(*sys.argv[1:])
