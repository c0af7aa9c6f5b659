"""The async client."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self, TypedDict

from pydantic import SecretStr

from service.client._attempts import Attempts
from service.client._credentials import credential_of
from service.client._desk import make_request
from service.client._desks import Desks
from service.client._download import download
from service.client._message import Answer, Query, segment
from service.client._options import Backoff, CallOptions
from service.client._session import Session, Shared
from service.client._transport import HTTPClient, HTTPTransport, Transport
from service.schemas.envelope import Run

RUN_ENDS = frozenset({"done", "failed", "cancelled", "partial"})


class ClientSettings(TypedDict, total=False):
    """The keyword arguments of `MusterClient`, for those who pass them on."""

    email: str | None
    password: str | SecretStr | None
    scopes: str | None
    timeout: float
    deadline: float | None
    retries: int
    concurrency: int
    require_complete: bool
    backoff: Backoff | None
    headers: Mapping[str, str] | None
    http: HTTPClient | None
    transport: HTTPTransport | None


class MusterClient(Desks):
    """Muster over HTTP: one attribute per desk, one method per operation.

    base_url: where the service is, such as ``http://127.0.0.1:8000``.
    api_key: an API key (``mst_…``); never shown in ``repr``, errors or logs.
    email, password: sign in as a person instead, at the first call; tokens are renewed by themselves.
    scopes: what that sign-in may do at most, separated by spaces (None: all of the person's rights).
    timeout: seconds for one attempt. deadline: seconds for a call with all its retries (None: no bound).
    retries: attempts after the first, for what may pass by itself; a POST is repeated with its own key.
    concurrency: requests under way at once; further calls wait for their turn.
    require_complete: raise `IncompleteData` instead of giving a report that is not complete.
    backoff: the waits between attempts. headers: sent with every request.
    http, transport: an ``httpx.AsyncClient`` to use (``aclose`` leaves it open), or a transport for our own.

    Raises ValueError for a base_url or api_key that cannot be one, and for a key and a person at once.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | SecretStr | None = None,
        *,
        email: str | None = None,
        password: str | SecretStr | None = None,
        scopes: str | None = None,
        timeout: float = 30.0,
        deadline: float | None = 300.0,
        retries: int = 2,
        concurrency: int = 20,
        require_complete: bool = False,
        backoff: Backoff | None = None,
        headers: Mapping[str, str] | None = None,
        http: HTTPClient | None = None,
        transport: HTTPTransport | None = None,
    ) -> None:
        shown = credential_of(api_key, email, password, scopes)
        door = Transport(base_url, shown, http=http, transport=transport, concurrency=concurrency)
        shared = Shared(door, Attempts(concurrency, backoff or Backoff()))
        options = CallOptions(
            timeout=timeout,
            deadline=deadline,
            retries=retries,
            require_complete=require_complete,
            headers=dict(headers or {}),
        )
        self._begin(Session(shared, options))

    def _begin(self, session: Session) -> None:
        self._session = session
        super().__init__(session)

    def with_options(self, options: CallOptions) -> Self:
        """The same client with other defaults: shares connections, slots and memory, and closes with it."""
        view = object.__new__(type(self))
        view._begin(self._session.with_options(options))
        return view

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        options: CallOptions | None = None,
    ) -> Answer:
        """Raw access: the answer as it came, with the same retries, slots and errors as every call.

        ``path`` is a path of the service, such as one it linked to; ``body`` a model, plain data or bytes.
        """
        request = make_request(method, path, query=query, body=body, headers=headers)
        return await self._session.answer(request, options)

    async def download(
        self,
        path: str,
        target: str | os.PathLike[str],
        *,
        format: str | None = None,  # noqa: A002  (the service's own word for it)
        query: Query | None = None,
        options: CallOptions | None = None,
    ) -> Path:
        """Stream what ``path`` answers to a file, which appears only when all of it has arrived."""
        request = make_request("GET", path, query=query)
        return await download(self._session, request, target, format, options)

    async def wait(self, run: Run | str, *, every: float = 1.0, timeout: float | None = None) -> Run:
        """The run once it has ended (done, partial, failed or cancelled), asked for every ``every`` seconds.

        Raises TimeoutError when it has not ended within ``timeout`` seconds; the run goes on.
        """
        name = run if isinstance(run, str) else run.id
        request = make_request("GET", f"/v1/runs/{segment(name)}")
        async with asyncio.timeout(timeout):
            while True:
                latest = await self._session.parsed(Run, request)
                if latest.state in RUN_ENDS:
                    return latest
                await asyncio.sleep(every)

    async def sign_out(self) -> None:
        """End the sign-in of a person at the service; the next call would sign in anew. Nothing for a key."""
        await self._session.sign_out()

    async def aclose(self) -> None:
        """Stop what is under way and close the connections we made. A second time does nothing."""
        await self._session.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._session!r}>"
