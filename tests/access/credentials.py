"""Credentials as tests show them, and a clock that goes when it is told to."""

import asyncio

import pytest

from service.access import keys
from service.access.authenticator import DatabaseAuthenticator
from service.access.tokens import COOKIE
from service.core.auth import Credential
from service.core.database import Database
from service.core.errors import NotAuthenticated


class Clock:
    """A monotonic clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def bearer(token: str, address: str = "192.0.2.1") -> Credential:
    return Credential("key", f"Bearer {token}".encode(), address)


def cookie(secret: str, address: str = "192.0.2.1") -> Credential:
    return Credential("session", f"theme=dark; {COOKIE}={secret}".encode(), address)


def wrong(key_id: str = "ab12cd34", fill: str = "x") -> str:
    return f"mst_{key_id}_{(fill * 43)[:43]}"


async def heard(database: Database, replica: DatabaseAuthenticator, *, looks: int = 2000) -> bool:
    """Whether a replica that knows a key hears that another one revoked it: PostgreSQL alone tells it."""
    made = await keys.create_key(database, "payroll", ["admin"])
    shown = bearer(made.token)
    await replica.caller(shown)
    await keys.revoke_key(database, made.key.id)
    for _ in range(looks):
        if replica.recall("key", shown.header) is None:
            with pytest.raises(NotAuthenticated, match="revoked"):
                await replica.caller(shown)
            return True
        await asyncio.sleep(0.005)
    return False
