"""Subscriptions as tests make them, and who receives: a webhook and a mail server on real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import httpx
from sqlalchemy import text

from service.attendance import DESK
from service.reporting.subscriptions.delivering import Round
from tests.attendance.house import House, open_house

DUE = datetime(2026, 10, 1, 13, 0, tzinfo=UTC)
"""The first of October, 07:00 in Mexico City."""


@asynccontextmanager
async def delivering(url: str, **delivery: Any) -> AsyncIterator[House]:
    """A replica that may call this machine, without repeats within a delivery."""
    usual = {"private_targets": True, "retries": 0, "total_timeout": 5}
    unlimited = {"person_per_minute": 0, "exports_per_minute": 0}  # a test asks faster than any person
    async with open_house(url, delivery={**usual, **delivery}, access=unlimited) as house:
        yield house


async def subscribe(http: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    """A monthly sheet on the first of each month at 07:00; `asked` says otherwise."""
    usual = {
        "report": "monthly-sheet",
        "format": "csv",
        "params": {"rule_set": "recommended"},
        "cron": "0 7 1 * *",
        "timezone": "America/Mexico_City",
        "channel": "folder",
    }
    answer = await http.post("/subscriptions", json={**usual, **asked})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def due(house: House, at: datetime = DUE, subscription: str | None = None) -> None:
    """Let subscriptions be due at an instant, whatever the clock of today says."""
    which = "" if subscription is None else f"WHERE id = '{subscription}'"
    async with house.runtime.database.write() as conn:
        await conn.execute(text(f"UPDATE muster.subscription SET next_at = :at {which}"), {"at": at})


async def tick(house: House, now: datetime = DUE + timedelta(seconds=5)) -> dict[str, Any]:
    """What the job does each minute, at an instant."""
    return await Round(house.runtime, DESK, clock=lambda: now).carry_out()


async def deliveries(http: httpx.AsyncClient, made: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of a subscription's instants, newest first."""
    answer = await http.get(f"/subscriptions/{made['id']}/deliveries")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@dataclass
class Receiver:
    """A webhook; answers with the statuses it is told to, then with 204."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
        headers = {name.lower(): value for name, _, value in lines}
        self.headers.append(headers)
        self.bodies.append(await reader.readexactly(int(headers.get("content-length", "0"))))
        status = self.statuses.pop(0) if self.statuses else 204
        writer.write(
            f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nLocation: /\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A webhook on a port of its own."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/in"
    try:
        yield receiver
    finally:
        server.close()


@dataclass
class Postbox:
    """A mail server that takes everything, except for addresses at refused.example."""

    url: str = ""
    mails: list[EmailMessage] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One session."""
        writer.write(b"220 sink\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                parsed = message_from_bytes(body[:-3], policy=policy.default)
                assert isinstance(parsed, EmailMessage)
                self.mails.append(parsed)
            if word == "QUIT":
                break
            refused = word == "RCPT" and "refused.example" in line
            writer.write(b"550 unknown here\r\n" if refused else b"250 fine\r\n")
        writer.close()


@asynccontextmanager
async def postbox() -> AsyncIterator[Postbox]:
    """A mail server on a port of its own."""
    box = Postbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield box
    finally:
        server.close()
