"""Opens the house for a command: settings, desks, runtime."""

import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import uvloop

from service.access.authenticator import open_authenticator
from service.cli.words import refuse
from service.core.runtime import Runtime, open_runtime
from service.core.settings import Settings
from service.core.telemetry import configure_logs
from service.desks import jobs_of, running_desks

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine on uvloop."""
    return uvloop.run(work)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Runtime]:
    """The runtime of these settings with the jobs of its desks."""
    configure_logs(settings.log)
    desks = running_desks(settings)
    async with open_runtime(settings, jobs_of(desks), open_authenticator) as runtime:
        yield runtime


def free_socket(host: str, port: int, change: str) -> socket.socket:
    """A bound socket, taken before anything else starts; `change` says how to choose another port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise refuse(f"Port {port} on {host} cannot be used ({error.strerror}); {change}.") from None
    return bound
