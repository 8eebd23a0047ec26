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
import time
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
# Batch and threads of each table.
CASES = [(1, 1), (8, 1), (1, 2), (8, 2)]


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
            text=True,
        )

    def ask(self, **request):
        """The answer to one request; what an engine says of its failure is on stderr."""
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args} ended early, asked for {request}")
        return json.loads(line)


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
    converted = BUILD / "ncnn"
    for batch, threads in CASES[:1] if quick else CASES:
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
            ours, theirs, middle, different, entropy = map(float, answer.split())
            rows.append(
                [file.name, f"1/{reduction}", f"{ours:.2f}", f"{theirs:.2f}", f"{middle:.3f}"]
                + [f"{different:.0f}", f"{entropy:.2f}" if entropy else "-"]
            )
    heading = ["file", "scale", "ours ms", "codec alone ms", "ratio", "bytes that differ"]
    heading += ["entropy alone ms"]
    table("Decoding: ours against libjpeg-turbo's and libpng's own loop", heading, rows)


def corpus(source, count, folder):
    """A folder of `count` photos: those of the source again and again, each with a comment of its
    own, so that no two are the same file and nothing is computed once for several."""
    files = sorted(f for f in source.iterdir() if f.suffix.lower() in (".jpg", ".jpeg"))
    for index in range(count):
        file = files[index % len(files)]
        data = file.read_bytes()
        # Behind the first segment, which JFIF and Exif want to be first.
        place = 4 + int.from_bytes(data[4:6]) if data[2] == 0xFF and data[3] >= 0xE0 else 2
        comment = b"\xff\xfe\x00\x0a%08d" % index
        (folder / f"{index:05}{file.suffix}").write_bytes(data[:place] + comment + data[place:])
    return folder


def our_run(regrade, folder, place, cores, keeps):
    """Seconds of the batch without the start, as it reports them; what it makes of each photo."""
    command = [regrade, "batch", folder, "--data", place / "data", "--fresh", "--json"]
    command += ["--progress", "none", "--out", place / "results.jsonl"]
    command += [] if keeps else ["--no-keep-photos"]
    answer = subprocess.run(pinned(cores) + command, check=True, capture_output=True)
    report = json.loads(answer.stdout)
    assert report["reused_photos"] == 0, "photos were known already"
    results = map(json.loads, (place / "results.jsonl").read_text().splitlines())
    intact = {r["path"]: r["probabilities"]["raw"]["none"] for r in results}
    return report["elapsed_seconds"], intact


def peer_run(kind, folder, place, cores, keeps):
    """Seconds of the loop without the start; what it makes of each photo."""
    command = [sys.executable, HERE / "peers/end_to_end.py", kind, folder, place / "peer.sqlite"]
    command += [NETWORKS["shipped model"]] + (["--keep"] if keeps else [])
    answer = subprocess.run(pinned(cores) + command, check=True, capture_output=True)
    report = json.loads(answer.stdout)
    return report["seconds"], report["intact"]


def floor(folder, rounds):
    """Milliseconds a photo that nobody can go below: entropy decoding alone, and the products of
    the shipped model's backbone at the speed of sgemm."""
    entropy = []
    for file in sorted(folder.iterdir())[:5]:
        answer = subprocess.run(
            pinned("1") + [BUILD / "decode", file, "8", rounds], check=True, capture_output=True
        )
        entropy.append(float(answer.stdout.split()[4]))
    lines = subprocess.run(
        pinned("1") + [BUILD / "gemm", "20"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return statistics.mean(entropy), sum(float(l.split()[3]) * float(l.split()[5]) for l in lines)


def end_to_end(regrade, quick, photos, small):
    """Bytes to durable adjudications."""
    rounds = 2 if quick else 5
    for title, source, count in [
        ("camera photos, 8 to 12 megapixels", photos, 15 if quick else 40),
        ("small photos", small, 60 if quick else 200),
    ]:
        if source is None:
            continue
        rows, apart, floors = [], 0.0, []
        with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
            folder = Path(scratch) / "photos"
            folder.mkdir()
            corpus(source, count, folder)
            for keeps in [False, True]:
                times = {"ours": [], "two": [], "tuned": [], "naive": []}
                for _ in range(rounds):
                    intact = {}
                    for name in times:
                        place = Path(tempfile.mkdtemp(dir=scratch))
                        if name in ("ours", "two"):
                            cores = "1" if name == "ours" else "0,1"
                            seconds, intact[name] = our_run(regrade, folder, place, cores, keeps)
                        else:
                            seconds, intact[name] = peer_run(name, folder, place, "1", keeps)
                        times[name].append(seconds / count * 1e3)
                        shutil.rmtree(place)
                    floors.append(floor(folder, "5"))
                    assert intact["ours"] == intact["two"] and len(intact["ours"]) == count
                    apart = statistics.mean(
                        abs(intact["ours"][name] - intact["tuned"][name]) for name in intact["ours"]
                    )
                lowest = [sum(parts) for parts in floors[-rounds:]]
                rows.append(
                    ["yes" if keeps else "no"]
                    + [f"{statistics.median(times[name]):.1f}" for name in times]
                    + [ratio(times[name], times["ours"]) for name in ("tuned", "naive")]
                    + [ratio(times["ours"], times["two"]), ratio(lowest, times["ours"])]
                )
        heading = ["photo kept", "ours ms", "ours on two cores", "tuned peer", "naive peer"]
        heading += ["tuned / ours", "naive / ours", "one core / two", "floor / ours"]
        table(f"End to end: {title}, milliseconds a photo ({count} a run)", heading, rows)
        entropy, products = (statistics.median(f[i] for f in floors) for i in (0, 1))
        print(
            f"\nFloor: {entropy:.1f} ms of entropy decoding, {products:.1f} ms of products. Mean "
            f"difference of the probability of no damage to the tuned peer's: {apart:.3f}"
        )


def service(regrade, quick):
    """What the service costs before anybody asks it anything."""
    sys.path.insert(0, str(ROOT / "scripts/load"))
    from service import Service

    starts = []
    with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
        for _ in range(3 if quick else 9):
            with Service(regrade, Path(scratch) / "served") as served:
                starts.append(served.start_seconds * 1e3)
                served.stop()
        with Service(regrade, Path(scratch) / "served") as served:
            time.sleep(2)
            seconds = 5 if quick else 30
            before = served.processor_seconds()
            time.sleep(seconds)
            idle = (served.processor_seconds() - before) / seconds * 100
            memory = served.resident_bytes() / 2**20
            served.stop()
    low, middle, high = statistics.quantiles(starts, n=4)
    heading = ["start to ready ms", "idle, % of a core", "resident MiB, idle"]
    row = [f"{middle:.0f} [{low:.0f}, {high:.0f}]", f"{idle:.2f}", f"{memory:.0f}"]
    table("Service without requests", heading, [row])


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
        elif part == "service":
            service(regrade, quick)


if __name__ == "__main__":
    main(*sys.argv[1:])
