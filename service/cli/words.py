"""How the command speaks: one console, and failures as one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from service.core.embedded import EmbeddedError
from service.core.errors import ServiceError
from service.core.settings import BadSettings

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def failing_plainly() -> Iterator[None]:
    """Turn failures with a meaning into a sentence on stderr and exit code 1."""
    try:
        yield
    except BadSettings as error:
        err.print("These settings cannot be used:")
        for problem in error.problems:
            err.print(f"  {problem}", markup=False)
        raise SystemExit(2) from None
    except ServiceError as error:
        err.print(error.detail, markup=False)
        for field in error.errors:
            err.print(f"  {field.pointer}: {field.detail}", markup=False)
        raise SystemExit(1) from None
    except EmbeddedError as error:
        err.print(str(error), markup=False)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        err.print("stopped")
        raise SystemExit(130) from None


def refuse(sentence: str, code: int = 1) -> typer.Exit:
    """Say one sentence on stderr; raise what is returned."""
    err.print(sentence, markup=False)
    return typer.Exit(code)
