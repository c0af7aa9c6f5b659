"""What the response cache keeps: finished answers, once plain and once compressed."""

import asyncio
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from starlette.types import Message

from service.core.responses.negotiation import GZIP, Headers, Key, compressible, has_already, takes_gzip
from service.core.responses.popularity import Wanted
from service.core.versions import token

RawHeaders = list[tuple[bytes, bytes]]

# Below this a header costs more than compression saves; above the other one the loop would notice the work.
SMALLEST_PACKED = 1024
LARGEST_INLINE = 16 * 1024
GZIP_LEVEL = 6
HIT: RawHeaders = [(b"cache-status", b"Muster; hit")]
NO_BODY: Message = {"type": "http.response.body", "body": b""}
VARY = b"Accept, Accept-Encoding, Authorization, Cookie"

# Set anew for every answer, by us or by the layers outside.
_NOT_KEPT = frozenset(
    {b"content-length", b"etag", b"vary", b"server-timing", b"x-request-id", b"date", b"age", b"cache-status"}
)
_IN_304 = frozenset({b"etag", b"vary", b"cache-control", b"content-location", b"expires"})


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A route's word that its answer may be kept; set as `request.state.cache_entry` before answering.

    `versions` were read inside the snapshot the answer was built from, for each of `scopes`. `expires_at`
    is the next instant at which the same data would answer differently; `visibility` is the caller's.
    """

    scopes: tuple[str, ...]
    versions: Mapping[str, int]
    ttl: timedelta
    visibility: str
    expires_at: datetime | None = None


@dataclass(slots=True, eq=False)
class Variant:
    """One finished form of an answer; the lists are copied for every request, the bytes never."""

    etag: bytes
    headers: RawHeaders
    headers_304: RawHeaders
    body: bytes
    last: Message = field(init=False)
    """The message that ends every answer with this body."""
    _hit: RawHeaders = field(default_factory=list)
    _age: int = -1

    def __post_init__(self) -> None:
        self.last = {"type": "http.response.body", "body": self.body}

    def hit_headers(self, age: int) -> RawHeaders:
        """The headers of a hit at this age, put together once a second."""
        if age != self._age:
            timing, seconds = (b"server-timing", b"cache;desc=hit"), (b"age", b"%d" % age)
            self._hit, self._age = [*self.headers, *HIT, timing, seconds], age
        return self._hit.copy()


@dataclass(slots=True, eq=False)
class Stored:
    """A kept answer with what it stands on.

    `stamp` is the `Versions.stamp` at which `versions` were last found to be the newest, `wanted` the record
    of who asks for it.
    """

    entry: CacheEntry
    versions: dict[str, int]
    route: str | None
    plain: Variant
    packed: Variant | None
    stamp: int = field(default=-1)
    wanted: Wanted | None = field(default=None)

    @property
    def weight(self) -> int:
        """Bytes of all forms."""
        forms = [self.plain] + ([self.packed] if self.packed else [])
        return sum(len(form.body) + 200 * len(form.headers) for form in forms)

    def packed_off(self, body: Message) -> int:
        """The bytes that compression takes off an answer with this body."""
        if self.packed is None or body is not self.packed.last:
            return 0
        return len(self.plain.body) - len(self.packed.body)

    def answer(
        self, request: Headers, *, age: int | None = None, status: RawHeaders = HIT
    ) -> tuple[Message, Message]:
        """The two ASGI messages that answer a request: 304 when the client has this form already.

        `age` in whole seconds for a hit, None for an answer just made. A header costs the server about half
        a microsecond, so a 304 carries what RFC 9110 asks for and no more.
        """
        variant = self.plain
        if self.packed is not None and takes_gzip(request.get(b"accept-encoding", b"")):
            variant = self.packed
        wanted = request.get(b"if-none-match")
        if wanted is not None and has_already(wanted, variant.etag):
            headers = variant.headers_304 + status
            return {"type": "http.response.start", "status": 304, "headers": headers}, NO_BODY
        headers = variant.headers + status if age is None else variant.hit_headers(age)
        return {"type": "http.response.start", "status": 200, "headers": headers}, variant.last


def fingerprint(key: Key, entry: CacheEntry, body: bytes) -> str:
    """What the ETag is made of: versions, parameters, visibility (details 3), and the bytes themselves.

    The bytes are in it because a new release or a passing `next_change` may answer differently from the same
    versions, and a strong ETag must not stay equal then.
    """
    digest = blake2b(digest_size=16)
    for part in (token(entry.versions).encode(), key[0].encode(), key[1], key[2].encode(), body):
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.hexdigest()


async def make_stored(
    key: Key, entry: CacheEntry, route: str | None, raw: Sequence[tuple[bytes, bytes]], body: bytes
) -> Stored:
    """The finished forms of an answer; compresses once, in a thread where that takes long."""
    etag = fingerprint(key, entry, body)
    headers = [(name.lower(), value) for name, value in raw]
    content_type = dict(headers).get(b"content-type", b"")
    kept = [(name, value) for name, value in headers if name not in _NOT_KEPT]
    names = {name for name, _ in kept}
    if b"cache-control" not in names:
        kept.append((b"cache-control", b"private, no-cache"))
    kept.append((b"vary", merged_vary(headers, VARY)))
    plain = _variant(kept, etag, body)
    packed = None
    if b"content-encoding" not in names and worth_packing(content_type, len(body)):
        smaller = await gzipped(body)
        if len(smaller) < len(body):
            packed = _variant([*kept, (b"content-encoding", GZIP)], etag + "-gz", smaller)
    return Stored(entry, dict(entry.versions), route, plain, packed)


def _variant(kept: RawHeaders, etag: str, body: bytes) -> Variant:
    quoted = b'"' + etag.encode() + b'"'
    headers = [*kept, (b"etag", quoted), (b"content-length", b"%d" % len(body))]
    return Variant(quoted, headers, [pair for pair in headers if pair[0] in _IN_304], body)


def merged_vary(headers: Sequence[tuple[bytes, bytes]], ours: bytes) -> bytes:
    """`Vary` with ours added to what the route said."""
    said = [part.strip() for name, value in headers if name == b"vary" for part in value.split(b",")]
    if b"*" in said:
        return b"*"
    known = {part.lower() for part in said}
    return b", ".join(said + [part for part in ours.split(b", ") if part.lower() not in known])


def worth_packing(content_type: bytes, size: int) -> bool:
    """Whether a body of this type and size is compressed at all."""
    return size > SMALLEST_PACKED and compressible(content_type)


async def gzipped(body: bytes) -> bytes:
    """The body compressed; equal bodies give equal bytes (no time stamp inside)."""
    if len(body) <= LARGEST_INLINE:
        return _gzip(body)
    return await asyncio.to_thread(_gzip, body)


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()


class GzipStream:
    """Compresses a body that comes in pieces, in bounded memory."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)

    async def feed(self, piece: bytes, *, last: bool) -> bytes:
        """What can be sent after this piece."""
        if len(piece) <= LARGEST_INLINE:
            return self._feed(piece, last)
        return await asyncio.to_thread(self._feed, piece, last)

    def _feed(self, piece: bytes, last: bool) -> bytes:
        packed = self._packer.compress(piece)
        return packed + self._packer.flush() if last else packed
