"""One request that was not answered from the cache: its answer is kept, compressed or passed on."""

from collections.abc import Awaitable, Callable

from starlette.types import Message, Send

from service.core.flags import Tally
from service.core.responses.negotiation import GZIP, Headers, compressible, takes_gzip
from service.core.responses.stored import (
    SMALLEST_PACKED,
    CacheEntry,
    GzipStream,
    RawHeaders,
    gzipped,
    merged_vary,
    worth_packing,
)

Finish = Callable[[Message, CacheEntry, bytes], Awaitable[None]]


class Exchange:
    """The `send` of one request.

    The start of the answer waits for the first piece of its body, because its headers depend on it. `entry`
    is asked then for the route's word that the answer may be kept; such an answer is collected up to
    `largest` bytes and handed to `finish`. `packed` counts what compression saved.
    """

    def __init__(
        self,
        send: Send,
        request: Headers,
        *,
        entry: Callable[[Message], CacheEntry | None],
        finish: Finish,
        largest: int,
        packed: Tally,
    ) -> None:
        self._send = send
        self._request = request
        self._entry = entry
        self._finish = finish
        self._largest = largest
        self._packed = packed
        self._start: Message | None = None
        self._keeping: CacheEntry | None = None
        self._pieces: list[bytes] = []
        self._stream: GzipStream | None = None

    async def send(self, message: Message) -> None:
        """Take one ASGI message of the application."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] != "http.response.body":
            await self.flush()
            await self._send(message)
        elif self._start is not None:
            await self._first(self._start, message.get("body", b""), message.get("more_body", False))
        else:
            await self._next(message.get("body", b""), message.get("more_body", False))

    async def flush(self) -> None:
        """Send a start that still waits (an answer without a body)."""
        start, self._start = self._start, None
        if start is not None:
            await self._send(start)

    async def _first(self, start: Message, piece: bytes, more: bool) -> None:
        keeping = self._keeping or self._entry(start)
        if keeping is not None:
            await self._collect(start, keeping, piece, more)
            return
        self._start = None
        headers = [(name.lower(), value) for name, value in start["headers"]]
        if self._packs(start["status"], dict(headers), len(piece), more):
            start = {**start, "headers": _packed_headers(headers)}
            if more:
                self._stream = GzipStream()
                self._packed.count(0)
                piece = await self._feed(self._stream, piece, last=False)
            else:
                whole, piece = len(piece), await gzipped(piece)
                self._packed.count(whole - len(piece))
                start["headers"].append((b"content-length", b"%d" % len(piece)))
        elif _depends_on_coding(headers, len(piece), more):
            vary = [(b"vary", merged_vary(headers, b"Accept-Encoding"))]
            start = {**start, "headers": [pair for pair in headers if pair[0] != b"vary"] + vary}
        await self._send(start)
        await self._body(piece, more)

    async def _collect(self, start: Message, keeping: CacheEntry, piece: bytes, more: bool) -> None:
        self._keeping = keeping
        self._pieces.append(piece)
        collected = sum(map(len, self._pieces))
        if more and collected <= self._largest:
            return
        body = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        if not more:
            self._start = None
            await self._finish(start, keeping, body)
            return
        self._keeping, self._entry = None, lambda _: None  # too large to keep: it goes on as a stream
        await self._first(start, body, more)

    async def _next(self, piece: bytes, more: bool) -> None:
        if self._stream is not None:
            piece = await self._feed(self._stream, piece, last=not more)
            if more and not piece:
                return
        await self._body(piece, more)

    async def _feed(self, stream: GzipStream, piece: bytes, *, last: bool) -> bytes:
        packed = await stream.feed(piece, last=last)
        self._packed.saved += len(piece) - len(packed)
        return packed

    async def _body(self, piece: bytes, more: bool) -> None:
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})

    def _packs(self, status: int, headers: dict[bytes, bytes], size: int, more: bool) -> bool:
        if status == 206 or not takes_gzip(self._request.get(b"accept-encoding", b"")):
            return False
        # A strong ETag is of these very bytes, and a client may send it back in If-Match. An answer that sets
        # a cookie may hold a secret next to words of the request, which compression would let others guess.
        strong = not headers.get(b"etag", b"W/").startswith(b"W/")
        if strong or b"content-encoding" in headers or b"set-cookie" in headers:
            return False
        if b"no-transform" in headers.get(b"cache-control", b""):
            return False
        announced = int(headers.get(b"content-length", b"0")) or (SMALLEST_PACKED + 1 if more else size)
        return worth_packing(headers.get(b"content-type", b""), announced)


def _depends_on_coding(headers: RawHeaders, size: int, more: bool) -> bool:
    large = more or size > SMALLEST_PACKED
    return large and compressible(dict(headers).get(b"content-type", b""))


def _packed_headers(headers: RawHeaders) -> RawHeaders:
    kept = [pair for pair in headers if pair[0] not in (b"content-length", b"vary")]
    return [*kept, (b"content-encoding", GZIP), (b"vary", merged_vary(headers, b"Accept-Encoding"))]
