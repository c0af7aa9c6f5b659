"""Where lines go: standard error, as JSON or readable on a terminal; never a secret or a body."""

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

import orjson
import structlog

from service.core.settings import LogSettings
from service.core.telemetry.context import _ids
from service.core.telemetry.levels import LEVELS, NUMBERS
from service.core.telemetry.logger import Logger, get_logger

# What must not reach a log, with what stands there instead: keys, access tokens, one-use links and tokens of
# mails, passwords in addresses, and the token of Frappe's Authorization header.
_SECRETS = tuple(
    (re.compile(pattern), shown)
    for pattern, shown in (
        (r"(mst_[0-9A-Za-z]{1,16}_)[0-9A-Za-z_-]{16,}", r"\1…"),
        (r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*", "eyJ…"),
        (r"([?&](?:link|token)=)[^&\s\"']+", r"\1…"),
        (r"(/shared-reports/)[^/?\s\"'{]+", r"\1…"),
        (r"(://[^/@\s:]*:)[^/@\s]+@", r"\1…@"),
        (r"(?i)(\b(?:bearer|token|basic) +)[^\s\"',]{8,}", r"\1…"),
    )
)
# One of these is in every text that _SECRETS can match: three searches are cheaper than five patterns.
_HINTS = ("mst_", "eyJ", "link=", "token=", "/shared-reports/", "://", "earer ", "oken ", "asic ")


LEVELS_CHANNEL: Final = "muster_log_levels"
"""Where processes tell each other of levels changed at run time: `{"logger": …, "level": … or null}`."""

_TELLS_VALUES: Final = frozenset({"sqlalchemy", "httpx", "httpcore", "aiohttp"})
"""Libraries that write rows, addresses with what was asked, or headers below WARNING: never, at any level.

What SQL and upstream calls do is told by our own loggers, without values.
"""
log = get_logger(__name__)
_requests: Final = get_logger("service.request")


def configure_logs(settings: LogSettings) -> None:
    """Set up structlog once for the process; JSON lines, or readable ones on a terminal.

    What libraries write through the standard logging goes the same way, from WARNING on.
    """
    readable = settings.format == "readable" or (settings.format == "auto" and sys.stderr.isatty())
    processors: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_ids,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _describe_error,
        _hide_secrets,
    ]
    if readable:
        processors.append(_for_people(colors=sys.stderr.isatty()))
        factory: Any = _Terminal
    else:
        processors.append(structlog.processors.JSONRenderer(_json))
        factory = structlog.BytesLoggerFactory(sys.stderr.buffer)
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.NOTSET),  # `Logger` has judged
        logger_factory=factory,
        # Not remembered by the loggers: a second application in one process would write as the first one was
        # told to. It costs a line 1.5 µs; the line of a request goes past it.
        cache_logger_on_first_use=False,
    )
    _Direct.shown = None if readable else _to_stderr
    logging.basicConfig(level=logging.WARNING, handlers=[_Bridge()], force=True)
    LEVELS.configure(settings)


def _for_people(*, colors: bool) -> structlog.dev.ConsoleRenderer:
    """Lines for a terminal. Of an error never its local variables: a child's name stands in them."""
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)


def _before_configured() -> None:
    """What holds until `configure_logs`, in a script or a test too: structlog's own default would show the
    local variables of every frame of an error, which takes minutes for those of a web framework.
    """
    kept = [one for one in structlog.get_config()["processors"][:-1] if one is not structlog.dev.set_exc_info]
    told_safely: list[Any] = [structlog.dev.set_exc_info, _describe_error, _hide_secrets]
    structlog.configure(processors=[*kept, *told_safely, _for_people(colors=False)])


def hear_level(payload: str) -> None:
    """Take over a level that was changed in this process or another one; anybody may NOTIFY anything."""
    try:
        told_level = orjson.loads(payload)
        logger, level = told_level["logger"], told_level["level"]
        if not isinstance(logger, str) or not (level is None or level in NUMBERS):
            raise ValueError(payload)
        LEVELS.change(logger, level)
    except (ValueError, KeyError, TypeError):
        log.warning("log_level_unreadable")


def request_line(fields: dict[str, Any]) -> None:
    """The line of a request, at INFO; its fields hold neither secrets nor anybody's values.

    JSON is written straight away: the same line takes 9 µs through all processors and 3 this way, and it is
    the only one that every request writes.
    """
    if _Direct.write is None:
        _requests.info("request", **fields)
        return
    request, correlation = _ids.get() or (None, None)
    event = {
        "event": "request",
        "request_id": request,
        "correlation_id": correlation,
        "level": "info",
        "module": "service.request",
        **fields,
        "timestamp": datetime.now(UTC),
    }
    _Direct.write(orjson.dumps(event, option=orjson.OPT_UTC_Z) + b"\n")


def requests_are_told() -> bool:
    """Whether the line of a request would be written at all."""
    return _Direct.write is not _nowhere


class _Direct:
    """Where request lines go without detours; None before the logs are set up, and for people."""

    write: ClassVar[Callable[[bytes], None] | None] = None
    shown: ClassVar[Callable[[bytes], None] | None] = None
    """The same, while lines at INFO are written."""

    @classmethod
    def choose(cls) -> None:
        """Once the levels have changed: no request asks for them."""
        cls.write = cls.shown if LEVELS.shows(_requests.name, logging.INFO) else _nowhere


LEVELS.on_change(_Direct.choose)


def _nowhere(_: bytes) -> None:
    """The level is above INFO."""


def _to_stderr(line: bytes) -> None:
    sys.stderr.buffer.write(line)
    sys.stderr.buffer.flush()


class _Terminal:
    """Writes to what standard error is at that moment: a progress bar puts itself in its place."""

    def __init__(self, *_: Any) -> None:
        """The name of the logger stands in the line."""

    def msg(self, message: str) -> None:
        """One line."""
        print(message, file=sys.stderr, flush=True)  # noqa: T201  this is the log

    debug = info = warning = error = critical = exception = fatal = log = msg


class _Bridge(logging.Handler):
    """Hands lines of the standard logging (server, job engine, drivers) to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line, at the same level, with the request id of the task that wrote it."""
        if record.levelno < logging.WARNING and record.name.partition(".")[0] in _TELLS_VALUES:
            return
        Logger(record.name).log(record.levelno, record.getMessage(), exc_info=record.exc_info or None)


def _add_ids(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    ids = _ids.get()
    if ids is not None:
        event.setdefault("request_id", ids[0])
        event.setdefault("correlation_id", ids[1])
    return event


def _describe_error(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    elif error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["exception"] = "\n".join(_described(error))
    return event


def _described(error: BaseException) -> Iterator[str]:
    """Where it came from, oldest first, and what it says where that cannot hold anybody's values."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _described(before)
        yield "which led to"
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from _described(part)
            yield "which is a part of"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield f"{type(error).__module__}.{type(error).__qualname__}: {told(error)}"


def told(error: BaseException) -> str:
    """An error's own words, without those that repeat the values of a row or a body.

    A driver's error keeps its SQLSTATE and constraint, a validation error its number of findings, a refusal
    (a status below 500: its words repeat what was asked) its code.
    """
    status = getattr(error, "status", None)
    if isinstance(status, int) and status < 500:
        return str(getattr(error, "code", status))
    original = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)
    if state is not None or original is not error:
        constraint = getattr(original, "constraint_name", None)
        return f"{type(original).__name__}, SQLSTATE {state}" + (f", {constraint}" if constraint else "")
    count = getattr(error, "error_count", None)
    if callable(count):
        return f"{count()} values refused"
    return str(error)


def _hide_secrets(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    for name, value in event.items():
        if isinstance(value, str) and any(hint in value for hint in _HINTS):
            event[name] = without_secrets(value)
    return event


def without_secrets(text: str) -> str:
    """The text with keys, one-use links and passwords taken out."""
    for pattern, shown in _SECRETS:
        text = pattern.sub(shown, text)
    return text


def _json(event: dict[str, Any], **_: Any) -> bytes:
    try:
        return orjson.dumps(event, default=str)
    except TypeError:  # a lone surrogate in a name somebody sent
        plain = {name: str(value).encode("utf-8", "replace").decode() for name, value in event.items()}
        return orjson.dumps(plain)


if not structlog.is_configured():
    _before_configured()
