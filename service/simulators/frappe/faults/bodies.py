"""Faults in the body of an answer that would otherwise be right."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from functools import lru_cache

import orjson

from service.simulators.frappe.answers import JSON, Answer
from service.simulators.frappe.calls import Call
from service.simulators.frappe.faults.plan import Fault, Inner

_MEGABYTE = 1 << 20
Row = dict[str, object]


async def whole(answer: Answer) -> bytes:
    """The body as bytes, however it was going to travel."""
    if isinstance(answer.body, bytes):
        return answer.body
    return b"".join([chunk async for chunk in answer.body])


def on_body(change: Callable[[bytes], bytes], label: str) -> Fault:
    """A fault that rewrites the bytes of the site's answer."""

    async def fault(_call: Call, inner: Inner) -> Answer:
        answer = await inner()
        return answer.but(body=change(await whole(answer)))

    fault.__name__ = label
    return fault


def edited(change: Callable[[list[Row]], object], label: str = "edited") -> Fault:
    """Replace the rows of a list answer by what `change` makes of them; other answers pass as they are."""

    def apply(body: bytes) -> bytes:
        payload = orjson.loads(body)
        rows = payload.get("data")
        return orjson.dumps({**payload, "data": change(rows)}) if isinstance(rows, list) else body

    return on_body(apply, label)


def truncated(keep: float = 0.5) -> Fault:
    """JSON cut short, with a Content-Length that agrees with the cut."""
    return on_body(lambda body: body[: max(1, int(len(body) * keep))], "truncated")


def empty_data() -> Fault:
    """`{"data": []}` with status 200 where there are rows: a page lost in the middle."""
    return edited(lambda _rows: [], "empty_data")


def dropped_rows(count: int = 1) -> Fault:
    """A list answer without its last rows."""
    return edited(lambda rows: rows[:-count], "dropped_rows")


def extra_fields(**values: object) -> Fault:
    """Fields nobody asked for in each row."""
    return edited(lambda rows: [{**row, **values} for row in rows], "extra_fields")


def wrong_types(**values: object) -> Fault:
    """Fields of each row replaced by values of another type, e.g. `time=17`, `name=None`."""
    return edited(
        lambda rows: [{**row, **{k: values[k] for k in values if k in row}} for row in rows], "wrong_types"
    )


def wrong_content_type(media_type: str = "text/plain") -> Fault:
    """The right bytes under the wrong Content-Type."""

    async def fault(_call: Call, inner: Inner) -> Answer:
        return (await inner()).but(media_type=media_type)

    fault.__name__ = "wrong_content_type"
    return fault


@lru_cache(maxsize=4)
def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(b'{"data":[')]
    parts += [packer.compress(b" " * _MEGABYTE) for _ in range(megabytes)]
    return b"".join([*parts, packer.compress(b"]}"), packer.flush()])


def gzip_bomb(megabytes: int = 1024) -> Fault:
    """A small gzip body that unpacks to `megabytes` MiB of valid JSON."""

    async def fault(_call: Call, _inner: Inner) -> Answer:
        return Answer(200, _bomb(megabytes), JSON, (("content-encoding", "gzip"),))

    fault.__name__ = "gzip_bomb"
    return fault


def huge_body(megabytes: int = 200) -> Fault:
    """`megabytes` MiB of valid JSON, streamed without a Content-Length."""

    async def fault(_call: Call, _inner: Inner) -> Answer:
        return Answer(200, _padding(megabytes))

    fault.__name__ = "huge_body"
    return fault


async def _padding(megabytes: int) -> AsyncIterator[bytes]:
    yield b'{"data":[{"name":"'
    for _ in range(megabytes * 16):
        yield b"x" * (_MEGABYTE // 16)
        await asyncio.sleep(0)
    yield b'"}]}'
