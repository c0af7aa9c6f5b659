"""Warming in the whole application: a commit of another process, a key that was revoked meanwhile."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from fastapi import APIRouter, Depends, Request, Response

from service.access.keys import create_key, revoke_key
from service.core.auth import Caller, needs
from service.core.responses import CacheEntry
from service.core.responses.warming import Warmer
from service.core.versions import raise_versions, read_versions, token
from tests.core.whole import Whole, whole
from tests.support.eventually import eventually

SCOPE = "attendance/2026-10"
kept = APIRouter(prefix="/v1/kept")


@kept.get("/rows")
async def rows(request: Request, caller: Caller = Depends(needs())) -> Response:  # noqa: B008
    """A report whose rows are the data version itself."""
    async with request.app.state.runtime.database.snapshot() as conn:
        read = (await read_versions(conn, [SCOPE]))[0]
    request.state.cache_entry = CacheEntry((SCOPE,), read, timedelta(minutes=5), caller.visibility)
    body = f"{token(read)} for {caller.visibility}"
    return Response(body, media_type="application/json", headers={"data-version": token(read)})


@pytest.fixture
async def own(database_url: str) -> AsyncIterator[Whole]:
    async with whole(database_url) as made:
        made.app.include_router(kept)
        yield made


async def commit_elsewhere(own: Whole) -> dict[str, int]:
    """What another process commits and announces."""
    async with own.runtime.database.write() as conn:
        return await raise_versions(conn, [SCOPE])


def warmer_of(own: Whole) -> Warmer:
    warmer: Warmer = own.app.state.warmer
    return warmer


async def test_the_next_reader_after_a_commit_elsewhere_gets_a_hit(own: Whole) -> None:
    async with own.client() as client:
        await client.get("/v1/kept/rows")
        raised = await commit_elsewhere(own)
        await eventually(lambda: warmer_of(own).statistics().warmed == 1)
        warm = await client.get("/v1/kept/rows")
        own.app.state.responses.enabled = False
        cold = await client.get("/v1/kept/rows")
    assert warm.headers["cache-status"] == "Muster; hit"
    assert warm.headers["data-version"] == token(raised)
    assert (warm.content, warm.headers["etag"]) == (cold.content, cold.headers["etag"])


async def test_q39_a_revoked_key_is_not_warmed_for(own: Whole) -> None:
    made = await create_key(own.runtime.database, "leaves", ["attendance:read"])
    async with own.client() as stays, own.client(token=made.token) as leaves:
        for client in (stays, leaves):
            assert (await client.get("/v1/kept/rows")).status_code == 200
        await revoke_key(own.runtime.database, made.key.id)
        await commit_elsewhere(own)
        await eventually(lambda: warmer_of(own).statistics().rounds == 1)
        assert (await leaves.get("/v1/kept/rows")).status_code == 401
    done = warmer_of(own).statistics()
    assert (done.warmed, done.refused, done.failed) == (1, 1, 0)
    visible = {key[2] for key in own.app.state.responses.kept.entries}
    assert len(visible) == 2  # the old answer of the one who left, which nobody can find, and the admin's
    newest = own.runtime.versions.known([SCOPE])
    current = [k for k, kept in own.app.state.responses.kept.entries.items() if kept.value.versions == newest]
    assert len(current) == 1


async def test_rights_that_changed_meanwhile_are_not_warmed_for(own: Whole) -> None:
    made = await create_key(own.runtime.database, "payroll", ["attendance:read"])
    authenticator = own.runtime.authenticator
    caller = Caller(f"key:{made.key.id}", "payroll", "key", frozenset({"attendance:read"}))
    more = Caller(caller.id, "payroll", "key", frozenset({"admin"}))
    assert await authenticator.confirm(caller)
    assert not await authenticator.confirm(more)
    assert not await authenticator.confirm(Caller("key:unknown1", "x", "session", caller.scopes))
