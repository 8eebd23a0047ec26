"""T9: small mixed pictures at 0.7 of what the service gets through, for long: nothing may grow.

Usage: soak.py PROGRAM FOLDER LIBRARY PHOTO…   A trial is a minute. LIBRARY counts what the heap holds
(scripts/faults/allocations.c). REGRADE_STRESS_SECONDS bounds this part,
REGRADE_STRESS_FROM is its first minute. Ends with a line `RESULT soak: N of 30 minutes …`.
"""

import asyncio
import gc
import os
import pathlib
import signal
import statistics
import struct
import sys
import time

import rows
from client import Client, Photo
from service import Service

SECONDS = int(os.environ.get("REGRADE_STRESS_SECONDS", "300"))
FIRST = int(os.environ.get("REGRADE_STRESS_FROM", "1"))
MINUTES = 30
PART = 0.7
FIND_SECONDS = 20
CONNECTION_COUNT = 4
# Growth is what counts here, not speed: a machine that is paused for minutes is no fault.
ANSWER_SECONDS_LIMIT = 600
# Statuses of pictures that can be inspected, and of those that cannot.
EXPECTED = (201, 413, 415, 422)
# Memory is taken as flat if less than this is gained a minute, at the sure end of the interval.
SLOPE_LIMIT = 0.25
# At the end of each minute the service rests, and the blocks that it holds are counted. Of bytes the
# caches of SQLite hold more or less from minute to minute; blocks hardly change. Less than this is
# gained a minute: a block in some hundred pictures.
REST_SECONDS = 4
BLOCK_SLOPE_LIMIT = 60
# Threads and descriptors come and go with connections and reads.
SPARE_COUNT = 8
BLOCK_COUNT = 12
# Student's t for 95 %, by degrees of freedom.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]


def slope(samples):
    """The rise a minute and half of its 95 % interval, by least squares over means of blocks.

    Neighbouring samples say the same; the means of a dozen blocks hardly do. Fewer than three say
    nothing.
    """
    count = min(BLOCK_COUNT, len(samples))
    if count < 3:
        return 0.0, float("inf")
    size = len(samples) // count
    blocks = [samples[index * size:(index + 1) * size] for index in range(count)]
    minutes = [statistics.mean(sample[0] for sample in block) / 60 for block in blocks]
    values = [statistics.mean(sample[1] for sample in block) for block in blocks]
    rise, base = statistics.linear_regression(minutes, values)
    middle = statistics.mean(minutes)
    spread = sum((minute - middle) ** 2 for minute in minutes)
    rest = sum((value - base - rise * minute) ** 2 for minute, value in zip(minutes, values))
    return rise, STUDENT[count - 3] * (rest / (count - 2) / spread) ** 0.5


async def heap_at_rest(service, file):
    """The blocks that the service took and did not give back, and their MiB, with nothing under way."""
    await asyncio.sleep(REST_SECONDS - 1)
    file.unlink(missing_ok=True)
    os.kill(service.pid, signal.SIGUSR2)
    await asyncio.sleep(1)
    count, byte_count = struct.unpack("=2q", file.read_bytes())
    return count, byte_count / 2**20


async def watch(service, samples):
    """Notes once a second what the process holds."""
    started = time.monotonic()
    while True:
        samples.append((
            time.monotonic() - started, service.resident_bytes() / 2**20,
            service.descriptor_count(), service.status("Threads")))
        await asyncio.sleep(1)


def rises(samples, column):
    """Whether the last fifth holds more than the second: (from, to, whether)."""
    fifth = len(samples) // 5
    early = max(sample[column] for sample in samples[fifth:2 * fifth])
    late = max(sample[column] for sample in samples[-fifth:])
    return early, late, late > early + SPARE_COUNT


async def main():
    program, folder, library, *files = sys.argv[1:]
    live = pathlib.Path(folder).absolute().with_suffix(".live")
    os.environ.update(LD_PRELOAD=os.path.abspath(library), REGRADE_ALLOCATION_LIVE=str(live))
    gc.disable()
    photos = [Photo(pathlib.Path(file).read_bytes()) for file in files]
    minutes = min(SECONDS // 60, MINUTES - FIRST + 1)
    samples, rests, replies = [], [], []
    with Service(program, pathlib.Path(folder) / "served") as service:
        client = Client(service.address, service.key, ANSWER_SECONDS_LIMIT)
        found, elapsed = await rows.closed_loop(client, photos, FIND_SECONDS, CONNECTION_COUNT)
        rate = PART * len(found) / elapsed
        watching = asyncio.create_task(watch(service, samples))
        started = time.monotonic()
        for _ in range(minutes):
            more, _ = await rows.closed_loop(
                client, photos, 60 - REST_SECONDS, CONNECTION_COUNT, rate)
            replies += more
            rests.append((time.monotonic() - started, *await heap_at_rest(service, live)))
        watching.cancel()
        client.close()
        service.stop()
    settled = samples[len(samples) // 5:]
    rise, half = slope(settled)
    descriptors, threads = rises(samples, 2), rises(samples, 3)
    wrong = sum(reply.status not in EXPECTED for reply in replies)
    statuses = {}
    for reply in replies:
        statuses[reply.status] = statuses.get(reply.status, 0) + 1
    rests = rests[len(rests) // 5:]
    block_rise, block_half = slope(rests)
    missed = rise - half > SLOPE_LIMIT or block_rise - block_half > BLOCK_SLOPE_LIMIT
    missed = missed or descriptors[2] or threads[2] or wrong
    print(
        f"RESULT soak: {FIRST - 1 + minutes} of {MINUTES} minutes at {rate:.1f}/s, "
        f"{len(replies)} pictures of {len(photos)} kinds ("
        + ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
        + f"), p99 {1000 * rows.percentile([reply.seconds for reply in replies], 0.99):.0f} ms; "
        f"resident {settled[0][1]:.0f} to {settled[-1][1]:.0f} MiB, {rise:+.2f} ± {half:.2f} MiB a "
        f"minute after the first fifth; at rest {rests[0][1]} to {rests[-1][1]} blocks of the "
        f"heap, {block_rise:+.1f} ± {block_half:.1f} a minute, {rests[0][2]:.2f} to "
        f"{rests[-1][2]:.2f} MiB; descriptors {descriptors[0]} to {descriptors[1]}, threads "
        f"{threads[0]} to {threads[1]}" + (" MISSED" if missed else ""))


asyncio.run(main())
