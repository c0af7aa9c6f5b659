"""What a route may ask for. Writes end before the response leaves, so a failed commit is never a 201."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from service.core.auth import Caller, not_signed_in
from service.core.database import ReadConnection, WriteConnection
from service.core.runtime import Runtime


def _runtime(request: Request) -> Runtime:
    runtime: Runtime = request.app.state.runtime
    return runtime


RuntimeDep = Annotated[Runtime, Depends(_runtime)]


def _caller(request: Request) -> Caller:
    caller: Caller | None = request.scope["state"].get("caller")
    if caller is None:
        raise not_signed_in()
    return caller


CallerDep = Annotated[Caller, Depends(_caller)]


async def _reading(runtime: RuntimeDep) -> AsyncIterator[ReadConnection]:
    async with runtime.database.read() as conn:
        yield conn


async def _snapshot(runtime: RuntimeDep) -> AsyncIterator[ReadConnection]:
    async with runtime.database.snapshot() as conn:
        yield conn


async def _writing(runtime: RuntimeDep) -> AsyncIterator[WriteConnection]:
    async with runtime.database.write() as conn:
        yield conn


Reading = Annotated[ReadConnection, Depends(_reading, scope="function")]
"""One statement in autocommit."""

Snapshot = Annotated[ReadConnection, Depends(_snapshot, scope="function")]
"""Several statements over one consistent view."""

Writing = Annotated[WriteConnection, Depends(_writing, scope="function")]
"""A transaction that has committed before the response leaves."""
