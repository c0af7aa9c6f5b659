"""Reading a body to its end within a bound of bytes, before and after decompression."""

import zlib
from collections.abc import AsyncIterator

import httpx

from service.core.errors import UpstreamGarbled
from service.core.outbound.answers import Unusable

# Asked for is only what is decompressed here: gzip packs 1,000 to 1, so the bound must hold inside one chunk.
ACCEPT_ENCODING = "gzip"


async def read_bounded(response: httpx.Response, most: int) -> bytes:
    """The decompressed body; raises `Unusable` when it is larger than `most` bytes or not what it claims."""
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > most:
        raise _too_large(most)
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return await _collect(response.aiter_raw(), most)
    if encoding not in ("gzip", "x-gzip"):
        raise _garbled(f"sent a body encoded as {encoding[:30]!r}, which was not asked for", "bad_encoding")
    return await _inflate(response.aiter_raw(), most)


async def _collect(chunks: AsyncIterator[bytes], most: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > most:
            raise _too_large(most)
    return bytes(body)


async def _inflate(chunks: AsyncIterator[bytes], most: int) -> bytes:
    body, unpack = bytearray(), zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        async for chunk in chunks:
            body += unpack.decompress(chunk, most + 1 - len(body))
            if len(body) > most or unpack.unconsumed_tail:
                raise _too_large(most)
    except zlib.error as error:
        raise _garbled("sent a body that cannot be decompressed", "bad_encoding") from error
    if not unpack.eof:
        raise _garbled("broke off in the middle of its answer", "truncated")
    return bytes(body)


def _too_large(most: int) -> Unusable:
    # Not retried: the same question would bring the same flood. A pager asks for fewer rows instead.
    return _garbled(f"sent more than {most} bytes", "too_large", retry=False)


def _garbled(sentence: str, kind: str, *, retry: bool = True) -> Unusable:
    return Unusable(
        UpstreamGarbled(f"the upstream {sentence}", code=f"upstream_{kind}"), retry=retry, kind=kind
    )
