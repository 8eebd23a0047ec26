"""Finds what the service can take, then sends it once, twice and four times as much.

Usage: measure.py large|small|all|isolation PROGRAM FOLDER PHOTOS SMALL_PHOTO…
See scripts/measure-load.
"""

import asyncio
import gc
import json
import os
import pathlib
import platform
import sys

import rows
from client import Client, Photo
from service import Service

SECONDS = int(os.environ.get("REGRADE_LOAD_SECONDS", "60"))
SEED = 20261121
# The load that we call 1x, of what a closed loop gets through: the rest is for bursts.
RATED_PART = 0.75
# What a closed loop needs to keep two cores busy.
CLOSED_SECONDS = min(20, SECONDS)
WARM_UP_COUNT = 12


async def measured(arguments, name, photos, loop, **settings):
    """One row against a service of its own, so that no row inherits another's memory or disk."""
    program, folder = arguments
    with Service(program, pathlib.Path(folder) / "served", **settings) as service:
        client = Client(service.address, service.key)
        for number in range(WARM_UP_COUNT):
            await client.post(photos[number % len(photos)], -1 - number)
        row = await rows.row(name, service, client, loop(client, photos))
        client.close()
        row["stopped_seconds"] = round(service.stop(), 2)
    print(f"==> {name}: {row['accepted_per_second']}/s, {row['statuses']}", file=sys.stderr)
    for fault in row["faults"]:
        print(f"==> fault: {fault}", file=sys.stderr)
    return row


async def ladder(arguments, what, photos, factors):
    """The closed loops that find saturation, then the open loops at multiples of the rate."""
    found = []
    cores = len(os.sched_getaffinity(0))
    for connections in (1, 2 * cores):
        found.append(await measured(
            arguments, f"{what}, {connections} at a time", photos,
            lambda client, photos: rows.closed_loop(
                client, photos, CLOSED_SECONDS, connections)))
    rate = RATED_PART * max(row["accepted_per_second"] for row in found)
    for factor in factors:
        found.append(await measured(
            arguments, f"{what}, {factor}x", photos,
            lambda client, photos: rows.open_loop(
                client, photos, SECONDS, factor * rate, SEED + factor)))
    return found


async def isolation(arguments, what, photos, rounds):
    """Closed loops with photos decoded in the service and in helpers, by turns."""
    found = {False: [], True: []}
    connections = 2 * len(os.sched_getaffinity(0))
    for number in range(rounds):
        # Now the one first, now the other: whoever comes later finds a warmer machine.
        for isolates in (False, True) if number % 2 == 0 else (True, False):
            found[isolates].append(await measured(
                arguments, f"{what}, {'in helpers' if isolates else 'in the service'}", photos,
                lambda client, photos: rows.closed_loop(
                    client, photos, CLOSED_SECONDS, connections),
                REGRADE_ISOLATE_DECODERS="true" if isolates else "false"))
    within, apart = (
        sum(row["accepted_per_second"] for row in rows_of) for rows_of in found.values())
    print(f"{what}: helpers cost {100 * (1 - apart / within):.1f} % of the throughput")
    return found[False] + found[True]


async def main():
    which, program, folder, large, *small = sys.argv[1:]
    gc.disable()
    large = [Photo(file.read_bytes()) for file in sorted(pathlib.Path(large).glob("*.jpg"))]
    small = [Photo(pathlib.Path(file).read_bytes()) for file in small]
    found = []
    if which in ("large", "all"):
        found += await ladder((program, folder), "12 MP", large, (1, 2, 4))
    if which in ("small", "all"):
        found += await ladder((program, folder), "small", small, (1,))
    if which == "isolation":
        found += await isolation((program, folder), "12 MP", large, rounds=4)
        found += await isolation((program, folder), "small", small, rounds=2)
    print(rows.table(found), end="\n\n")
    print(rows.stage_table(found), end="\n\n")
    result = pathlib.Path(folder) / "figures.json"
    result.write_text(json.dumps(
        {"machine": platform.processor() or platform.machine(),
         "cores": len(os.sched_getaffinity(0)), "seconds": SECONDS, "rows": found}, indent=1))
    print(f"The client ran on the same {len(os.sched_getaffinity(0))} cores. As JSON: {result}")
    faults = [
        f"{row['row']}: {what}" for row in found
        for what in ("other", "refusals_without_retry_after") if row[what]]
    faults += [f"{row['row']}: never drained" for row in found if row["drained_seconds"] is None]
    if faults:
        sys.exit("faults: " + "; ".join(faults))


asyncio.run(main())
