"""serve-worker: one of the processes that `serve --workers` starts; nobody else does."""

import asyncio
import os
import signal
import socket
from pathlib import Path
from typing import Annotated

import typer

from service.app import create_app
from service.cli.house import opened
from service.cli.serving import serve_until_stopped
from service.cli.stopping import FINISH_WITHIN, run
from service.cli.supervising import READY
from service.core.settings import Settings, load_settings
from service.monitoring import Seat


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command("serve-worker", hidden=True)(serve_worker)


def serve_worker(
    listening: Annotated[int, typer.Argument()],
    lifeline: Annotated[int, typer.Argument()],
    folder: Annotated[Path, typer.Argument()],
    number: Annotated[int, typer.Argument()],
) -> None:
    """Answer requests as one of several workers, on the descriptors that were inherited."""
    with socket.socket(fileno=listening) as bound, socket.socket(fileno=lifeline) as line:
        run(_serve(load_settings(), bound, line, Seat(folder, number)))


async def _serve(settings: Settings, bound: socket.socket, line: socket.socket, seat: Seat) -> None:
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    # Nobody writes to us: it becomes readable when the supervisor is gone, however it went.
    loop.add_reader(line, _orphaned, loop, line)

    async def tell() -> None:
        await loop.sock_sendall(line, READY)

    async with opened(settings, beside_owner=True) as runtime:
        app = create_app(settings, runtime, seat, fronted=True)
        await serve_until_stopped(app, runtime, bound, tell, stopping=None)


def _orphaned(loop: asyncio.AbstractEventLoop, line: socket.socket) -> None:
    loop.remove_reader(line)
    os.kill(os.getpid(), signal.SIGTERM)
    # Told a second time it ends at once: without its supervisor nobody else would tell it.
    loop.call_later(FINISH_WITHIN + 5, os.kill, os.getpid(), signal.SIGTERM)
