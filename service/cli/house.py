"""Opens the house for a command: settings, desks, runtime; and its address."""

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from service.access.authenticator import open_authenticator
from service.cli.words import refuse
from service.core.database import Database
from service.core.runtime import Runtime, open_database, open_runtime
from service.core.settings import Settings
from service.core.telemetry import configure_logs
from service.desks import jobs_of, running_desks


@asynccontextmanager
async def opened(settings: Settings, *, beside_owner: bool = False) -> AsyncIterator[Runtime]:
    """The runtime of these settings with the jobs of its desks, as the owner of an embedded home or not."""
    configure_logs(settings.log)
    desks = running_desks(settings)
    async with open_runtime(
        settings, jobs_of(desks), open_authenticator, beside_owner=beside_owner
    ) as runtime:
        yield runtime


@asynccontextmanager
async def opened_beside(settings: Settings) -> AsyncIterator[Runtime]:
    """The same for a command that does one thing, also beside a service that runs on the same home."""
    async with opened(quietly(settings), beside_owner=True) as runtime:
        yield runtime


@asynccontextmanager
async def database_beside(settings: Settings) -> AsyncIterator[Database]:
    """The database alone, also beside a service that runs on the same home (it hears of each change)."""
    configure_logs(quietly(settings).log)
    async with open_database(settings, beside_owner=True) as (database, _):
        yield database


def quietly(settings: Settings) -> Settings:
    """On a terminal a command speaks for itself: its log starts at warnings, unless asked otherwise."""
    chosen = settings.log
    if chosen.format != "auto" or chosen.level != "INFO" or not sys.stderr.isatty():
        return settings
    return settings.model_copy(update={"log": chosen.model_copy(update={"level": "WARNING"})})


def free_socket(host: str, port: int, change: str) -> socket.socket:
    """A bound socket, taken before anything else starts; `change` says how to choose another port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        reason = error.strerror or str(error)
        raise refuse(f"Port {port} on {host} cannot be used ({reason}); {change}.") from None
    return bound


def kept_port(path: Path) -> int:
    """A free port of this machine that a simulated site keeps: elsewhere it would be another site."""
    if not path.exists():
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            path.write_text(str(free.getsockname()[1]))
    return int(path.read_text())


def address(settings: Settings, port: int) -> str:
    """Where people reach the service: the public address, or this machine's."""
    if settings.public_url is not None:
        return str(settings.public_url).rstrip("/")
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104  for people
    return f"http://[{host}]:{port}" if ":" in host and not host.startswith("[") else f"http://{host}:{port}"
