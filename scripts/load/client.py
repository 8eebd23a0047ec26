"""A light HTTP client for load: asyncio on bare sockets, bodies sent from where they lie.

It shares the processors with the service, so it copies no photo, parses what it must, and its own
processor time is part of every result.
"""

import asyncio
import collections
import dataclasses
import itertools
import socket
import time
import uuid

ANSWER_SECONDS_LIMIT = 60
# A connection that rests is ended by the service after a minute; it is not to meet a request then.
IDLE_SECONDS_LIMIT = 30
CONNECTION_COUNT_LIMIT = 1500
BOUNDARY = b"------------------------regrade"


@dataclasses.dataclass
class Reply:
    """An answer; status 0 if there was none, then `body` says why."""

    status: int
    fields: dict
    body: bytes
    seconds: float = 0.0
    # When the request was due, on the clock of the row.
    due: float = 0.0


class Photo:
    """A JPEG whose every copy has bytes of its own, by a comment after its first marker.

    Of other files all copies are the same.
    """

    serial = itertools.count()
    run = uuid.uuid4().hex

    def __init__(self, content):
        self.start, self.rest = content[:2], memoryview(content)[2:]

    def copy(self):
        """The parts of a file that was never sent before."""
        if self.start != b"\xff\xd8":
            return [self.start, self.rest]
        text = f"{self.run} {next(self.serial):12d}".encode()
        return [self.start + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text, self.rest]


class Client:
    """Connections to one service, kept and used again while it keeps them."""

    def __init__(self, address, key, answer_seconds=ANSWER_SECONDS_LIMIT):
        self.address, self.key, self.answer_seconds = address, key, answer_seconds
        self.idle = collections.deque()
        self.open_count = 0

    async def post(self, photo, number):
        """Posts an item of one photo and an order of its own, as multipart/form-data."""
        order = b'{"order_id":"%s-%d","category":"box","region":"DE"}' % (
            Photo.run.encode(), number)
        parts = [
            b"--%s\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n%s\r\n--%s\r\n"
            b"Content-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n"
            b"Content-Type: image/jpeg\r\n\r\n" % (BOUNDARY, order, BOUNDARY),
            *photo.copy(), b"\r\n--%s--\r\n" % BOUNDARY]
        fields = b"Content-Type: multipart/form-data; boundary=%s\r\n" % BOUNDARY
        return await self.send(b"POST", b"/v1/inspections", parts, fields)

    async def get(self, path):
        return await self.send(b"GET", path.encode())

    async def send(self, method, path, parts=(), fields=b""):
        """Sends a request and reads its answer, which may come before the request is out."""
        started = time.monotonic()
        head = (
            b"%s %s HTTP/1.1\r\nHost: regrade\r\nAuthorization: Bearer %s\r\n"
            b"Idempotency-Key: %s\r\nContent-Length: %d\r\n%s\r\n" % (
                method, path, self.key.encode(), uuid.uuid4().hex.encode(),
                sum(map(len, parts)), fields))
        try:
            async with asyncio.timeout(self.answer_seconds):
                reply = await self._exchange([head, *parts])
        except (OSError, EOFError, TimeoutError) as error:
            reply = Reply(0, {}, repr(error).encode())
        reply.seconds = time.monotonic() - started
        return reply

    async def _exchange(self, parts):
        connection = await self._connection()
        loop = asyncio.get_running_loop()
        sending = loop.create_task(self._send(connection, parts))
        keeps = False
        try:
            reply = await self._receive(connection)
            keeps = sending.done() and reply.fields.get("connection") != "close"
            return reply
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            if keeps:
                self.idle.append((connection, time.monotonic()))
            else:
                self.open_count -= 1
                connection.close()

    async def _connection(self):
        while self.idle:
            connection, since = self.idle.pop()
            if time.monotonic() < since + IDLE_SECONDS_LIMIT:
                return connection
            self.open_count -= 1
            connection.close()
        if self.open_count >= CONNECTION_COUNT_LIMIT:
            raise OSError("the client has no more connections")
        connection = socket.socket()
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.open_count += 1
        try:
            await asyncio.get_running_loop().sock_connect(connection, self.address)
        except BaseException:
            self.open_count -= 1
            connection.close()
            raise
        return connection

    @staticmethod
    async def _send(connection, parts):
        loop = asyncio.get_running_loop()
        for part in parts:
            await loop.sock_sendall(connection, part)

    @staticmethod
    async def _receive(connection):
        loop = asyncio.get_running_loop()
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = await loop.sock_recv(connection, 65536)
            if not chunk:
                raise EOFError("the connection ended before an answer")
            data += chunk
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:])
        fields = {name.lower(): value for name, value in fields.items()}
        length = int(fields.get("content-length", 0))
        while len(body) < length:
            chunk = await loop.sock_recv(connection, 65536)
            if not chunk:
                raise EOFError("the connection ended within an answer")
            body += chunk
        return Reply(int(lines[0].split(" ")[1]), fields, body)

    def close(self):
        while self.idle:
            self.idle.pop()[0].close()
            self.open_count -= 1
