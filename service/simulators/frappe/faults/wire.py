"""Faults of the connection and of time, and changes that others make between two pages."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

from service.simulators.frappe.answers import Answer, Delivery
from service.simulators.frappe.calls import Call
from service.simulators.frappe.faults.bodies import whole
from service.simulators.frappe.faults.plan import Fault, Inner


def latency(low: float, high: float | None = None, seed: int = 7) -> Fault:
    """Wait before answering: `low` seconds, or drawn between `low` and `high`."""
    dice = random.Random(seed)  # noqa: S311

    async def fault(_call: Call, inner: Inner) -> Answer:
        await asyncio.sleep(low if high is None else dice.uniform(low, high))
        return await inner()

    fault.__name__ = "latency"
    return fault


def delivered(delivery: Delivery, label: str) -> Fault:
    """The site's answer, sent in another manner."""

    async def fault(_call: Call, inner: Inner) -> Answer:
        answer = await inner()
        return answer.but(body=await whole(answer), delivery=delivery)

    fault.__name__ = label
    return fault


def reset() -> Fault:
    """The connection is reset (RST) without an answer; the request has had its effect."""
    return delivered(Delivery("reset"), "reset")


def broken_off(keep: float = 0.5) -> Fault:
    """The full Content-Length is announced, `keep` of the body sent, then the connection is reset."""
    return delivered(Delivery("broken", keep=keep), "broken_off")


def slow_body(pause: float = 0.05, chunk: int = 64) -> Fault:
    """`chunk` bytes every `pause` seconds."""
    return delivered(Delivery("drip", chunk=chunk, pause=pause), "slow_body")


def hang_after_headers(seconds: float = 60.0) -> Fault:
    """The headers at once, the body after `seconds`."""
    return delivered(Delivery("hang", pause=seconds), "hang_after_headers")


def mutate(change: Callable[[], object], before: bool = False) -> Fault:
    """Let somebody else write while pages are being read: `change` runs after the answer was made, or
    `before` it."""

    async def fault(_call: Call, inner: Inner) -> Answer:
        if before:
            change()
        answer = await inner()
        if not before:
            answer = answer.but(body=await whole(answer))
            change()
        return answer

    fault.__name__ = "mutate"
    return fault
