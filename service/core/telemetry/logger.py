"""What every room writes with: lines with fields, and pieces of work that are timed."""

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Self

import structlog

from service.core.telemetry.context import happened, timings
from service.core.telemetry.levels import LEVELS, NUMBERS
from service.core.telemetry.operations import OPERATIONS

_DEBUG, _INFO, _WARNING, _ERROR, _CRITICAL = NUMBERS.values()


class Logger:
    """A structured logger: `log.info("event", key=value)`; every line says `module`, the logger's name.

    A line below the logger's level costs one look-up.
    """

    __slots__ = ("_lines", "name")

    def __init__(self, name: str, lines: Any = None) -> None:
        self.name = name
        self._lines = structlog.get_logger(module=name) if lines is None else lines

    def bind(self, **fields: Any) -> Self:
        """The same logger, whose lines carry these fields as well."""
        return type(self)(self.name, self._lines.bind(**fields))

    def debug(self, event: str, /, **fields: Any) -> None:
        """What helps to find a mistake."""
        if LEVELS.shows(self.name, _DEBUG):
            self._lines.debug(event, **fields)

    def info(self, event: str, /, **fields: Any) -> None:
        """What happened."""
        if LEVELS.shows(self.name, _INFO):
            self._lines.info(event, **fields)

    def warning(self, event: str, /, **fields: Any) -> None:
        """What somebody should know: it went on, though not as meant."""
        if LEVELS.shows(self.name, _WARNING):
            self._lines.warning(event, **fields)

    def error(self, event: str, /, **fields: Any) -> None:
        """What failed."""
        if LEVELS.shows(self.name, _ERROR):
            self._lines.error(event, **fields)

    def critical(self, event: str, /, **fields: Any) -> None:
        """What the process cannot go on without."""
        if LEVELS.shows(self.name, _CRITICAL):
            self._lines.critical(event, **fields)

    def exception(self, event: str, /, **fields: Any) -> None:
        """What failed, with the exception being handled."""
        if LEVELS.shows(self.name, _ERROR):
            self._lines.error(event, **{"exc_info": True, **fields})

    def log(self, number: int, event: str, /, **fields: Any) -> None:
        """A line of any level, numbered as in `logging`; one between two of ours counts as the lower."""
        if LEVELS.shows(self.name, number):
            self._lines.log(min(_CRITICAL, max(_DEBUG, number // 10 * 10)), event, **fields)

    @contextmanager
    def timed(self, event: str, /, *, level: str = "INFO", **fields: Any) -> Iterator[dict[str, Any]]:
        """Time a piece of work: a DEBUG line as it starts, one at `level` with `ms` and `outcome` as it ends.

        `outcome` is `ok`, `failed` (then a WARNING, with the error's class) or `cancelled`. It also counts in
        `OPERATIONS`, in /metrics and in the timings of the request. Yields the fields, so that the work can
        add what it learnt. The event is the name of the operation: it comes from the code.
        """
        self.debug(event, outcome="started", **fields)
        with _measured(self, event, NUMBERS[level], fields, failed=_WARNING):
            yield fields


@contextmanager
def timed(name: str, /, **fields: Any) -> Iterator[dict[str, Any]]:
    """As `log.timed`, with one line at DEBUG: for what happens in every request."""
    with _measured(_timing, name, logging.DEBUG, fields, failed=_DEBUG):
        yield fields


@contextmanager
def _measured(log: Logger, name: str, level: int, fields: dict[str, Any], *, failed: int) -> Iterator[None]:
    started, outcome = time.perf_counter(), "ok"
    try:
        yield
    except (asyncio.CancelledError, GeneratorExit):
        outcome = "cancelled"
        raise
    except BaseException as error:
        outcome, level = "failed", max(level, failed)
        fields.setdefault("error", type(error).__name__)
        raise
    finally:
        seconds = time.perf_counter() - started
        timings().add(name, seconds)
        happened(name, outcome)
        OPERATIONS.record(name, seconds, failed=outcome == "failed")
        log.log(level, name, **{**fields, "ms": round(seconds * 1000, 3), "outcome": outcome})


def get_logger(name: str) -> Logger:
    """The logger of a module, or of a part that has a name of its own."""
    LEVELS.add(name)
    return Logger(name)


_timing: Final = get_logger("service.timing")
