"""Answers streamed to a file: whole or not at all."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from service.client._message import Request
from service.client._options import CallOptions
from service.client._session import Session
from service.schemas.envelope import Meta, Wire


class Stated(Wire):
    """Any answer, of which only the statement of completeness matters."""

    meta: Meta | None = None


async def download(
    session: Session,
    request: Request,
    target: str | os.PathLike[str],
    format: str | None = None,  # noqa: A002  (the service's own word for it)
    options: CallOptions | None = None,
) -> Path:
    """Stream an answer to ``target``; an existing file is replaced only when all of it has arrived.

    ``timeout`` bounds each wait for bytes. Where completeness is required it is asked for first, as JSON.
    Raises `IncompleteData`, OSError of the file, and the errors of any call.
    """
    path = Path(target)
    if session.chosen(options).require_complete:
        await session.parsed(Stated, request, options)
    if format is not None:
        request = replace(request, query=(*request.query, ("format", format)))
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        await session.consume(_any_type(request), options, lambda chunks: _write(chunks, part))
        await asyncio.to_thread(part.replace, path)
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)
    return path


def _any_type(request: Request) -> Request:
    return replace(request, headers={"accept": "*/*", **request.headers})


async def _write(chunks: AsyncIterator[bytes], part: Path) -> None:
    file = await asyncio.to_thread(part.open, "wb")
    try:
        async for chunk in chunks:
            await asyncio.to_thread(file.write, chunk)
    finally:
        await asyncio.to_thread(file.close)
