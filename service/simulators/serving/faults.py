"""Faults of the wire, of time and of bodies that any site may show."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import AsyncIterator, Callable
from functools import lru_cache

from service.simulators.serving.answers import JSON, Answer, Delivery, html, whole
from service.simulators.serving.plan import AnyFault, Inner

_MEGABYTE = 1 << 20
_PROXY_TEXTS = {502: "Bad Gateway", 503: "Service Temporarily Unavailable", 504: "Gateway Time-out"}


def answering(answer: Answer, label: str) -> AnyFault:
    """A fault that always gives this answer; the site does not see the request."""

    async def fault(_call: object, _inner: Inner) -> Answer:
        return answer

    fault.__name__ = label
    return fault


def raw(status: int, body: bytes, media_type: str = JSON, label: str = "raw") -> AnyFault:
    """Any answer at all."""
    return answering(Answer(status, body, media_type), label)


def html_error(status: int = 502) -> AnyFault:
    """A proxy's page: 502, 503 or 504."""
    text = f"{status} {_PROXY_TEXTS.get(status, 'Error')}"
    page = (
        f"<html>\r\n<head><title>{text}</title></head>\r\n<body>\r\n<center><h1>{text}</h1></center>\r\n"
        "<hr><center>nginx/1.18.0 (Ubuntu)</center>\r\n</body>\r\n</html>\r\n"
    )
    return answering(html(status, page), f"html_error({status})")


def on_body(change: Callable[[bytes], bytes], label: str) -> AnyFault:
    """A fault that rewrites the bytes of the site's answer."""

    async def fault(_call: object, inner: Inner) -> Answer:
        answer = await inner()
        return answer.but(body=change(await whole(answer)))

    fault.__name__ = label
    return fault


def truncated(keep: float = 0.5) -> AnyFault:
    """JSON cut short, with a Content-Length that agrees with the cut."""
    return on_body(lambda body: body[: max(1, int(len(body) * keep))], "truncated")


def wrong_content_type(media_type: str = "text/plain") -> AnyFault:
    """The right bytes under the wrong Content-Type."""

    async def fault(_call: object, inner: Inner) -> Answer:
        return (await inner()).but(media_type=media_type)

    fault.__name__ = "wrong_content_type"
    return fault


@lru_cache(maxsize=4)
def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(b'{"data":[')]
    parts += [packer.compress(b" " * _MEGABYTE) for _ in range(megabytes)]
    return b"".join([*parts, packer.compress(b"]}"), packer.flush()])


def gzip_bomb(megabytes: int = 1024) -> AnyFault:
    """A small gzip body that unpacks to `megabytes` MiB of valid JSON."""

    async def fault(_call: object, _inner: Inner) -> Answer:
        return Answer(200, _bomb(megabytes), JSON, (("content-encoding", "gzip"),))

    fault.__name__ = "gzip_bomb"
    return fault


def huge_body(megabytes: int = 200) -> AnyFault:
    """`megabytes` MiB of valid JSON, streamed without a Content-Length."""

    async def fault(_call: object, _inner: Inner) -> Answer:
        return Answer(200, _padding(megabytes))

    fault.__name__ = "huge_body"
    return fault


async def _padding(megabytes: int) -> AsyncIterator[bytes]:
    yield b'{"data":[{"name":"'
    for _ in range(megabytes * 16):
        yield b"x" * (_MEGABYTE // 16)
        await asyncio.sleep(0)
    yield b'"}]}'


def latency(low: float, high: float | None = None, seed: int = 7) -> AnyFault:
    """Wait before answering: `low` seconds, or drawn between `low` and `high`."""
    dice = random.Random(seed)  # noqa: S311

    async def fault(_call: object, inner: Inner) -> Answer:
        await asyncio.sleep(low if high is None else dice.uniform(low, high))
        return await inner()

    fault.__name__ = "latency"
    return fault


def delivered(delivery: Delivery, label: str) -> AnyFault:
    """The site's answer, sent in another manner."""

    async def fault(_call: object, inner: Inner) -> Answer:
        answer = await inner()
        return answer.but(body=await whole(answer), delivery=delivery)

    fault.__name__ = label
    return fault


def reset() -> AnyFault:
    """The connection is reset (RST) without an answer; the request has had its effect."""
    return delivered(Delivery("reset"), "reset")


def broken_off(keep: float = 0.5) -> AnyFault:
    """The full Content-Length is announced, `keep` of the body sent, then the connection is reset."""
    return delivered(Delivery("broken", keep=keep), "broken_off")


def slow_body(pause: float = 0.05, chunk: int = 64) -> AnyFault:
    """`chunk` bytes every `pause` seconds."""
    return delivered(Delivery("drip", chunk=chunk, pause=pause), "slow_body")


def hang_after_headers(seconds: float = 60.0) -> AnyFault:
    """The headers at once, the body after `seconds`."""
    return delivered(Delivery("hang", pause=seconds), "hang_after_headers")


def mutate(change: Callable[[], object], before: bool = False) -> AnyFault:
    """Let somebody else write while pages are being read: `change` runs after the answer was made, or
    `before` it."""

    async def fault(_call: object, inner: Inner) -> Answer:
        if before:
            change()
        answer = await inner()
        if not before:
            answer = answer.but(body=await whole(answer))
            change()
        return answer

    fault.__name__ = "mutate"
    return fault
