"""`muster report <desk> <name> …` from the declaration: options, and the run that writes the file."""

import inspect
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from service.core.auth import SYSTEM, Caller
from service.core.errors import FieldError, Invalid
from service.core.problems import validation_error
from service.reporting.columns import plain_type
from service.reporting.completeness import reasons_of
from service.reporting.desk import Desk
from service.reporting.formats import formatters
from service.reporting.rendering import RenderedReport, run_report
from service.reporting.report import Report, Style
from service.reporting.snapshots import Platform
from service.reporting.words import LOCALES

OpenPlatform = Callable[[], AbstractAsyncContextManager[Platform]]
_KEYWORD = inspect.Parameter.KEYWORD_ONLY


def report_options(report: Report[Any, Any]) -> list[inspect.Parameter]:
    """The command's options as parameters of a typer function: the report's own, then format and file."""
    options = parameter_options(report)
    formats, durations = ("json", *formatters(report)), ("hms", "hours", "seconds")
    options += [
        option("format", _choice("Format", formats), "json", "How to write the report."),
        option("output", Path | None, None, "File to write; without it, standard output."),
        option("locale", _choice("Locale", LOCALES), "en", "Language of labels."),
        option("delimiter", str, ",", "Between the cells of a CSV file."),
        option("bom", bool, False, "Byte order mark in front of a CSV file."),
        option("durations", _choice("Durations", durations), "hms", "In CSV files."),
    ]
    return options


def parameter_options(report: Report[Any, Any]) -> list[inspect.Parameter]:
    """The report's own parameters as options."""
    return [_option(name, info) for name, info in report.params.model_fields.items()]


def report_command(
    desk: Desk,
    report: Report[Any, Any],
    open_platform: OpenPlatform,
    execute: Callable[[Coroutine[Any, Any, int]], int],
) -> Callable[..., None]:
    """A function for `typer.Typer.command(report.name)`.

    `open_platform` opens the runtime, `execute` runs a coroutine (`asyncio.run`). Exit codes: 0 complete,
    3 written but not complete (a script must not sign it); bad values raise `Invalid`.
    """

    def command(**given: Any) -> None:
        async def work() -> int:
            async with open_platform() as platform:
                return await write_report(platform, desk, report, given)

        code = execute(work())
        if code:
            raise typer.Exit(code)

    return with_options(command, report_options(report), f"{report.title}. {report.description}")


def with_options(
    command: Callable[..., None], options: Sequence[inspect.Parameter], text: str
) -> Callable[..., None]:
    """The function with the options and the help that typer reads off it."""
    command.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]  # typer reads it
    command.__annotations__ = {option.name: option.annotation for option in options}
    command.__doc__ = text
    return command


async def write_report(
    platform: Platform,
    desk: Desk,
    report: Report[Any, Any],
    given: Mapping[str, Any],
    caller: Caller = SYSTEM,
) -> int:
    """Run a report with the values of a command line and write it; the exit code.

    Why it is not complete goes to standard error. Raises `Invalid` with the options' names for values that
    cannot be used and files that cannot be written, and what the build raises.
    """
    values = plain_values(given)
    style = Style(
        locale=values.pop("locale", "en"),
        delimiter=values.pop("delimiter", ","),
        bom=values.pop("bom", False),
        durations=values.pop("durations", "hms"),
    )
    chosen, output = values.pop("format", "json"), given.get("output")
    values.pop("output", None)
    params = parsed(report, values)
    result = await run_report(platform, desk, report, params, caller, format=chosen, style=style)
    await _write(platform, result, output)
    return 0 if result.answer.complete else 3


def parsed(report: Report[Any, Any], values: Mapping[str, Any]) -> Any:
    """The report's parameters from options; options not given keep their defaults. Raises `Invalid`."""
    fields = report.params.model_fields
    kept = {_wire(name, fields[name]): value for name, value in values.items() if value is not None}
    try:
        return report.params.model_validate(kept)
    except ValidationError as error:
        raise _as_options(error) from None


def _as_options(error: ValidationError) -> Invalid:
    entries = [{**entry, "loc": tuple(f"--{part}" for part in entry["loc"][:1])} for entry in error.errors()]
    found = validation_error(entries)
    return Invalid(found.detail.replace("/--", "--"), errors=found.errors)  # as it is typed


async def _write(platform: Platform, result: RenderedReport, output: Path | None) -> None:
    await platform.compute.in_thread(lambda: write_pieces(result.pieces(), output))
    named = result.question.report.name if output is None else output
    if not result.answer.complete:
        typer.echo(f"{named}: NOT COMPLETE", err=True)
        for reason in reasons_of(result.answer.decoded()["meta"]):
            typer.echo(f"  {reason}", err=True)
    elif output is not None:
        typer.echo(f"{named}: complete", err=True)


def write_pieces(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write a file, whole or not at all, or without one standard output.

    Raises `Invalid` for a file that cannot be written.
    """
    if output is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    # Beside the target first: a report cut short must not stand where a whole one is expected.
    unfinished = output.with_name(f".{output.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.writelines(pieces)
        unfinished.replace(output)
    except OSError as error:
        detail = f"{output} cannot be written: {error.strerror or error}"
        raise Invalid(detail, errors=[FieldError("/--output", "cannot_be_written", detail)]) from None
    finally:
        with suppress(OSError):  # where nothing could be made, there is nothing to clear
            unfinished.unlink(missing_ok=True)


def _option(name: str, info: FieldInfo) -> inspect.Parameter:
    wire = _wire(name, info)
    many, kind = plain_type(info.annotation)
    if get_origin(kind) is Literal:
        kind = _choice(wire.title(), [str(word) for word in get_args(kind)])
    elif kind is not bool:
        kind = str  # pydantic reads the text, with the same rules and words as over HTTP
    annotation = list[kind] | None if many else kind | None  # type: ignore[valid-type]  # built at run time
    text = info.description or info.title or ""
    return option(name, annotation, None, text, flag=wire, needed=info.is_required())


def option(
    name: str, kind: Any, default: Any, text: str, *, flag: str | None = None, needed: bool = False
) -> inspect.Parameter:
    """One option of a command; `flag` where its name on the command line is another one."""
    made = typer.Option(f"--{(flag or name).replace('_', '-')}", help=text, show_default=default is not None)
    value = inspect.Parameter.empty if needed else default
    return inspect.Parameter(name, _KEYWORD, default=value, annotation=Annotated[kind, made])


def _choice(name: str, words: Sequence[str]) -> Any:
    # An enum of strings whose members print as themselves: typer shows and checks the choices.
    return Enum(name, {word: word for word in words}, type=str)


def plain_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a command line, choices as their words."""
    return {name: _text(value) for name, value in given.items()}


def _text(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return [_text(part) for part in value] if isinstance(value, list) else value


def _wire(name: str, info: FieldInfo) -> str:
    return info.alias or name
