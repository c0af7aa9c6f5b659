"""What every refusal must look like, and a database that is taken away: for the tests of problems."""

import asyncio
from typing import Any

import asyncpg
import httpx

from tests.core.whole import SECRET
from tests.support.ground import Ground

PROBLEM = "application/problem+json"


KEYS = {"type", "title", "status", "detail", "instance", "code", "request_id", "errors"}


def checked(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, which has every part and its id in the header as well."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    document: dict[str, Any] = answer.json()
    assert set(document) == KEYS
    assert (document["status"], document["code"]) == (status, code)
    assert document["type"] == f"urn:muster:problem:{code}"
    assert document["request_id"] == answer.headers["x-request-id"]
    assert SECRET not in answer.text
    for word in ("Traceback", "SELECT", "asyncpg", "sqlalchemy"):
        assert word not in answer.text
    if status in {429, 503}:
        assert int(answer.headers["retry-after"]) >= 1
    return document


async def take_away(ground: Ground, name: str) -> None:
    """Every connection is cut, and there is nothing to connect to any more."""
    end = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND usename = current_user"  # the server's own processes are not ours to end
    )
    for _ in range(200):
        await ground._run(end)
        try:
            await ground._run(f"ALTER DATABASE {name} RENAME TO {name}_away")
        except asyncpg.ObjectInUseError:
            await asyncio.sleep(0.02)  # they are on their way out, or somebody was quick to reconnect
        else:
            return
