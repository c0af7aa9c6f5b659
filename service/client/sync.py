"""The blocking client: the async client, driven on a private event loop in a thread."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self, Unpack

from pydantic import SecretStr

from service.client._client import ClientSettings, MusterClient
from service.client._desks import DesksSync
from service.client._loop import LoopThread
from service.client._message import Answer, Query
from service.client._options import CallOptions
from service.schemas.envelope import Run


class MusterClientSync(DesksSync):
    """`MusterClient` for code without an event loop; the same desks, methods, options and errors.

    Lists are iterable (all rows) and have ``page()`` (just one); a report is called, or saved by its
    ``.download(path, format, …)``. Several threads may share one. It blocks a running event loop.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | SecretStr | None = None,
        **settings: Unpack[ClientSettings],
    ) -> None:
        client = MusterClient(base_url, api_key, **settings)
        self._begin(client, LoopThread())

    def _begin(self, client: MusterClient, loop: LoopThread) -> None:
        self._client = client
        self._loop = loop
        super().__init__(client, loop)

    def with_options(self, options: CallOptions) -> Self:
        """The same client with other defaults: shares connections, slots and memory, and closes with it."""
        view = object.__new__(type(self))
        view._begin(self._client.with_options(options), self._loop)
        return view

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        options: CallOptions | None = None,
    ) -> Answer:
        """Raw access: the answer as it came."""
        return self._loop.run(
            self._client.request(method, path, query=query, body=body, headers=headers, options=options)
        )

    def download(
        self,
        path: str,
        target: str | os.PathLike[str],
        *,
        format: str | None = None,  # noqa: A002  (the service's own word for it)
        query: Query | None = None,
        options: CallOptions | None = None,
    ) -> Path:
        """Stream what ``path`` answers to a file, which appears only when all of it has arrived."""
        return self._loop.run(
            self._client.download(path, target, format=format, query=query, options=options)
        )

    def wait(self, run: Run | str, *, every: float = 1.0, timeout: float | None = None) -> Run:
        """The run once it has ended. Raises TimeoutError when it has not within ``timeout`` seconds."""
        return self._loop.run(self._client.wait(run, every=every, timeout=timeout))

    def sign_out(self) -> None:
        """End the sign-in of a person at the service; the next call would sign in anew. Nothing for a key."""
        self._loop.run(self._client.sign_out())

    def close(self) -> None:
        """Close the connections we made and stop the thread. A second time does nothing."""
        if self._loop.started:
            self._loop.run(self._client.aclose())
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._client!r}>"
