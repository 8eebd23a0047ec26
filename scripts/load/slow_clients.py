"""T7: clients that send one byte a second, in headers, in bodies, in chunks that never end.

Usage: slow_clients.py PROGRAM FOLDER SMALL_PHOTO…   Each must be cut within 15 s, a healthy client
must hardly notice, and descriptors must come back. REGRADE_SLOW_CLIENTS is how many there are of a
kind (1,000). Ends with a line `RESULT slow-clients: N of M …`.

The slow ones are a process of their own that gives way: they stand for clients on machines of their
own, and what they cost here is not to be taken for the service's slowness.
"""

import asyncio
import gc
import json
import os
import pathlib
import resource
import sys
import time

import rows
from client import Client, Photo
from service import Service

COUNT = int(os.environ.get("REGRADE_SLOW_CLIENTS", "1000"))
CLOSED_SECONDS_LIMIT = 15
DESCRIPTOR_SECONDS_LIMIT = 30
WATCH_SECONDS = 25
HEALTHY_RATE = 10
HEALTHY_FACTOR_LIMIT = 2
CONNECTIONS_AT_ONCE = 50
WARM_UP_SECONDS = 5
NICENESS = 10

HEAD = (
    "POST /v1/inspections HTTP/1.1\r\nHost: regrade\r\nAuthorization: Bearer {key}\r\n"
    "Idempotency-Key: slow-{number}\r\nContent-Type: image/jpeg\r\n")
# What each kind sends at once, and what it then sends again and again, once a second.
KINDS = {
    "headers": ("GET /livez HTTP/1.1\r\nHost: regrade\r\nX-Slow: ", "a"),
    "bodies": (HEAD + "Content-Length: 1000000\r\n\r\n\xff", "\xd8"),
    "chunks": (HEAD + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n\xff\r\n"),
    "chunk names": (HEAD + "Transfer-Encoding: chunked\r\n\r\n1;", "a"),
}


async def slow(address, start, again, gate):
    """Seconds until the service cut a slow client off, and what it said before; None for never."""
    async with gate:
        reader, writer = await asyncio.open_connection(*address)
    started, answer = time.monotonic(), b""
    writer.write(start.encode("latin-1"))

    async def drip():
        while True:
            await asyncio.sleep(1)
            writer.write(again.encode("latin-1"))

    dripping = asyncio.create_task(drip())
    try:
        async with asyncio.timeout(WATCH_SECONDS):
            while chunk := await reader.read(4096):
                answer += chunk
    except ConnectionError:
        pass
    except TimeoutError:
        return None, answer
    finally:
        dripping.cancel()
        writer.transport.abort()
    return time.monotonic() - started, answer


async def healthy(client, photos, seconds, seed):
    """The 99th percentile of a client that does nothing wrong, in ms."""
    replies, _ = await rows.open_loop(client, photos, seconds, HEALTHY_RATE, seed)
    wrong = [reply for reply in replies if reply.status not in rows.ACCEPTED]
    if wrong:
        sys.exit(f"a healthy client was told {wrong[0].status}: {wrong[0].body[:200]}")
    return rows.percentile([1000 * reply.seconds for reply in replies], 0.99)


async def returned(service, client, descriptors):
    """Seconds until the service has no more descriptors than before; None for never."""
    client.close()
    started = time.monotonic()
    while service.descriptor_count() > descriptors:
        if time.monotonic() > started + DESCRIPTOR_SECONDS_LIMIT:
            return None
        await asyncio.sleep(0.5)
    return time.monotonic() - started


async def attack(host, port, key, name):
    """All slow clients of a kind; prints when each was cut and how many were told 408."""
    start, again = KINDS[name]
    gate = asyncio.Semaphore(CONNECTIONS_AT_ONCE)
    ends = await asyncio.gather(*(
        slow((host, int(port)), start.format(key=key, number=f"{name[:6]}-{number}"), again, gate)
        for number in range(COUNT)))
    json.dump({
        "times": [seconds for seconds, _ in ends if seconds is not None],
        "told": sum(answer.startswith(b"HTTP/1.1 408") for _, answer in ends),
    }, sys.stdout)


async def trial(service, client, photos, name, seed):
    """One kind of slow clients: how many were cut in time, when, and what others felt."""
    # Nobody is connected at this moment, nor when they are counted again.
    client.close()
    await asyncio.sleep(1)
    before = service.descriptor_count()
    attacker = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--attack", *map(str, service.address), service.key, name,
        stdout=asyncio.subprocess.PIPE, preexec_fn=lambda: os.nice(NICENESS))
    felt = await healthy(client, photos, CLOSED_SECONDS_LIMIT, seed)
    found = json.loads((await attacker.communicate())[0])
    times = found["times"]
    back = await returned(service, client, before)
    in_time = sum(seconds <= CLOSED_SECONDS_LIMIT for seconds in times)
    print(
        f"{name}: {in_time} of {COUNT} cut within {CLOSED_SECONDS_LIMIT} s, the last after "
        f"{max(times, default=0):.1f} s, {found['told']} told 408; healthy p99 {felt:.0f} ms; "
        f"descriptors back after {'never' if back is None else f'{back:.1f} s'}, {before} before",
        file=sys.stderr)
    return in_time, max(times, default=0.0), felt, back


def allow_descriptors():
    """Lets this process and its children hold a connection for every slow client."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * COUNT + 1000), hard))


async def main():
    program, folder, *files = sys.argv[1:]
    gc.disable()
    allow_descriptors()
    photos = [Photo(pathlib.Path(file).read_bytes()) for file in files]
    with Service(program, pathlib.Path(folder) / "served") as service:
        client = Client(service.address, service.key)
        # Opens what the service keeps open, such as connections to its database.
        await rows.closed_loop(client, photos, WARM_UP_SECONDS, 16)
        baseline = await healthy(client, photos, CLOSED_SECONDS_LIMIT, 1)
        found = [
            await trial(service, client, photos, name, 2 + index)
            for index, name in enumerate(KINDS)]
        service.stop()
    worst = max(felt for _, _, felt, _ in found)
    missed = worst > HEALTHY_FACTOR_LIMIT * baseline or any(
        back is None for _, _, _, back in found)
    print(
        f"RESULT slow-clients: {sum(row[0] for row in found)} of {COUNT * len(KINDS)} connections "
        f"cut within {CLOSED_SECONDS_LIMIT} s, the last after {max(row[1] for row in found):.1f} s; "
        f"healthy p99 {baseline:.0f} ms alone, {worst:.0f} ms among them; descriptors back within "
        f"{DESCRIPTOR_SECONDS_LIMIT} s" + (" MISSED" if missed else ""))


if sys.argv[1] == "--attack":
    asyncio.run(attack(*sys.argv[2:]))
else:
    asyncio.run(main())
