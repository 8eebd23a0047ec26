"""Closed and open loops, and what one row of the table says about them."""

import asyncio
import json
import random
import resource
import time

DRAIN_SECONDS_LIMIT = 120
# What a service under load may say; everything else is a fault.
ACCEPTED, REFUSED = (201, 202), (429, 503)
STAGES = ("decode", "quality", "network", "policy", "record")


def percentile(values, part):
    """The smallest value that so large a part of them does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


async def closed_loop(client, photos, seconds, connections, rate=None):
    """Each connection sends its next request when it has the answer to the last.

    All together send at most `rate` requests a second, where one is given.
    """
    replies, started = [], time.monotonic()
    pause = connections / rate if rate else 0

    async def run(offset):
        number, next_at = offset, started + pause * offset / connections
        while time.monotonic() < started + seconds:
            if rate:
                await asyncio.sleep(max(0.0, next_at - time.monotonic()))
                next_at = max(next_at + pause, time.monotonic())
            reply = await client.post(photos[number % len(photos)], number)
            reply.due = time.monotonic() - started - reply.seconds
            replies.append(reply)
            number += connections

    await asyncio.gather(*(run(offset) for offset in range(connections)))
    return replies, time.monotonic() - started


async def open_loop(client, photos, seconds, rate, seed):
    """Requests are due at random moments, whatever became of those before.

    An answer's time counts from when its request was due: a service that stalls, or a client that
    is late, makes every request of that time slow, not only the one that waited.
    """
    draw, due, number = random.Random(seed), 0.0, 0
    replies, tasks, started = [], set(), time.monotonic()

    async def one(due, number):
        reply = await client.post(photos[number % len(photos)], number)
        reply.due, reply.seconds = due, time.monotonic() - started - due
        replies.append(reply)

    while (due := due + draw.expovariate(rate)) < seconds:
        if (pause := started + due - time.monotonic()) > 0:
            await asyncio.sleep(pause)
        task = asyncio.create_task(one(due, number))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        number += 1
    await asyncio.sleep(max(0.0, started + seconds - time.monotonic()))
    elapsed = time.monotonic() - started
    await asyncio.gather(*tasks)
    return replies, elapsed


async def depth(client):
    """Items that wait or are being inspected; None while there is no answer."""
    reply = await client.get("/metrics")
    for line in reply.body.decode().splitlines():
        if line.startswith("regrade_work_queue_depth "):
            return int(float(line.split()[1]))
    return None


async def drained(client):
    """Seconds until nothing waits any more."""
    started = time.monotonic()
    while await depth(client) != 0:
        if time.monotonic() > started + DRAIN_SECONDS_LIMIT:
            return None
        await asyncio.sleep(0.2)
    return time.monotonic() - started


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def row(name, service, client, loop):
    """Runs a loop and says what came of it."""
    await drained(client)
    service.forget_most()
    ours, its = processor_seconds(), service.processor_seconds()
    replies, elapsed = await loop
    ours, its = processor_seconds() - ours, service.processor_seconds() - its
    drain = await drained(client)
    await asyncio.sleep(1)
    counts = {}
    for reply in replies:
        counts[reply.status] = counts.get(reply.status, 0) + 1
    accepted = [reply for reply in replies if reply.status in ACCEPTED]
    # Those that were answered while the row lasted, not those of its tail.
    in_time = sum(reply.due + reply.seconds <= elapsed for reply in accepted)
    milliseconds = [1000 * reply.seconds for reply in accepted]
    return {
        "row": name,
        "seconds": round(elapsed, 1),
        "offered_per_second": round(len(replies) / elapsed, 2),
        "accepted_per_second": round(in_time / elapsed, 2),
        "statuses": {str(status): count for status, count in sorted(counts.items())},
        "other": sum(
            count for status, count in counts.items() if status not in ACCEPTED + REFUSED),
        "refusals_without_retry_after": sum(
            reply.status in REFUSED and "retry-after" not in reply.fields for reply in replies),
        "accepted_ms": {
            part: round(percentile(milliseconds, int(part[1:]) / 100), 1)
            for part in ("p50", "p95", "p99")},
        "full_ms": {
            part: round(percentile(
                [1000 * reply.seconds for reply in replies if reply.status == 201],
                int(part[1:]) / 100), 1)
            for part in ("p50", "p95", "p99")},
        "refused_p99_ms": round(percentile(
            [1000 * reply.seconds for reply in replies if reply.status in REFUSED], 0.99), 1),
        "resident_peak_mib": round(service.most_resident_bytes() / 2**20),
        "resident_after_mib": round(service.resident_bytes() / 2**20),
        "drained_seconds": None if drain is None else round(drain, 1),
        "service_cores": round(its / elapsed, 2),
        "client_cores": round(ours / elapsed, 2),
        "stages_ms": stages(replies),
        "faults": sorted({
            reply.body.decode(errors="replace")[:200] for reply in replies
            if reply.status not in ACCEPTED + REFUSED})[:5],
    }


def stages(replies):
    """Where the time of full answers goes, as medians of what their documents say.

    `wait` is what is left of the document's total: waiting for a worker, hashing, cutting metadata.
    `around` is what is left of the answer's time: upload, parsing, noting the request, the loops.
    """
    found = {stage: [] for stage in (*STAGES, "wait", "around", "answer")}
    for reply in replies:
        if reply.status != 201:
            continue
        timings = json.loads(reply.body)["timings_ms"]
        for stage in STAGES:
            found[stage].append(timings[stage])
        found["wait"].append(timings["total"] - sum(timings[stage] for stage in STAGES))
        found["around"].append(1000 * reply.seconds - timings["total"])
        found["answer"].append(1000 * reply.seconds)
    return {stage: round(percentile(values, 0.5), 1) for stage, values in found.items()}


def table(rows):
    """The rows as people read them."""
    names = ("load", "offered/s", "accepted/s", "201", "202", "429", "503", "other",
             "p50 ms", "p95 ms", "p99 ms", "refused p99", "RSS most/after MiB", "drained s",
             "cores service/client")
    lines = [names] + [
        (row["row"], f"{row['offered_per_second']:.1f}", f"{row['accepted_per_second']:.1f}",
         *(str(row["statuses"].get(status, 0)) for status in ("201", "202", "429", "503")),
         str(row["other"]),
         *(f"{row['accepted_ms'][part]:.0f}" for part in ("p50", "p95", "p99")),
         f"{row['refused_p99_ms']:.0f}",
         f"{row['resident_peak_mib']}/{row['resident_after_mib']}",
         "never" if row["drained_seconds"] is None else f"{row['drained_seconds']:.1f}",
         f"{row['service_cores']:.2f}/{row['client_cores']:.2f}") for row in rows]
    return markdown(lines)


def stage_table(rows):
    names = ("load, medians in ms", *STAGES, "wait", "around", "answer")
    return markdown([names] + [
        (row["row"], *(f"{row['stages_ms'][stage]:.1f}" for stage in names[1:]))
        for row in rows if row["statuses"].get("201")])


def markdown(lines):
    lines = [lines[0], tuple("---" for _ in lines[0]), *lines[1:]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
