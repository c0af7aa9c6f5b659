"""How the command speaks: one console, and failures as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg
import typer
from alembic.util import CommandError
from rich.console import Console

from service.cli.stopping import Stopped
from service.core.database import AWAY
from service.core.errors import ServiceError
from service.core.problems import failure_of
from service.core.settings import BadSettings
from service.core.telemetry import told, without_secrets

out = Console(highlight=False, soft_wrap=True)
WIDE: Final = 140
"""Columns of a table in a file or a log, which nobody's window bounds."""
err = Console(stderr=True, highlight=False, soft_wrap=True)

_DATABASE = (*AWAY, ValueError)


@contextmanager
def failing_plainly() -> Iterator[None]:
    """Turn failures with a meaning into a sentence on stderr and an exit code."""
    try:
        yield
    except BadSettings as error:
        say("These settings cannot be used:", *(f"  {problem}" for problem in error.problems))
        raise SystemExit(2) from None
    except ServiceError as error:
        say(*sentences(error))
        raise SystemExit(1) from None
    except CommandError as error:
        say(f"The schema cannot be changed: {error}")
        raise SystemExit(1) from None
    except Stopped as stopped:
        say("stopped")
        raise SystemExit(stopped.exit_code) from None
    except _DATABASE as error:
        sentence = database_sentence(error)
        if sentence is None:
            raise
        say(sentence)
        raise SystemExit(1) from None


def say(*lines: str) -> None:
    """Lines for the person, on stderr, as they are."""
    for line in lines:
        err.print(line, markup=False)


def sentences(error: ServiceError) -> list[str]:
    """What an error tells a person: its sentence, and a line for each value that this leaves out."""
    named = [entry for entry in error.errors if entry.detail not in error.detail]
    return [error.detail, *(f"  {entry.pointer}: {entry.detail}" for entry in named)]


def database_sentence(error: BaseException) -> str | None:
    """What to do about a database that cannot be used; None when it is another trouble."""
    original = getattr(error, "orig", None) or error
    cause = getattr(original, "__cause__", None) or original
    if failure_of(error).status == 503:
        reason = str(cause) if _is_harmless(cause) else told(cause)
        return without_secrets(f"The database cannot be used: {reason}; check MUSTER_DATABASE__URL.")
    return None


def _is_harmless(error: BaseException) -> bool:
    """Whether an error's words are about the way to the server and not about rows."""
    return isinstance(
        error,
        OSError
        | asyncpg.InvalidAuthorizationSpecificationError
        | asyncpg.InvalidCatalogNameError
        | asyncpg.PostgresConnectionError
        | asyncpg.CannotConnectNowError
        | asyncpg.TooManyConnectionsError,
    )


def refuse(sentence: str, code: int = 1) -> typer.Exit:
    """Say one sentence on stderr; raise what is returned."""
    say(sentence)
    return typer.Exit(code)


def tabled() -> Console:
    """Where tables go: as wide as the window, or `WIDE` where there is none."""
    return out if out.is_terminal else Console(width=WIDE, highlight=False)
