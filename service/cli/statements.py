"""statement: seal a report, and ask of what was sealed whether it still stands."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel
from sqlalchemy import Row

from service.cli.house import opened_beside
from service.cli.stopping import run
from service.cli.words import refuse, say
from service.core import queries
from service.core.auth import SYSTEM
from service.core.runtime import Runtime
from service.core.settings import load_settings
from service.desks import all_desks
from service.reporting.commandline import (
    option,
    parameter_options,
    parsed,
    plain_values,
    with_options,
    write_pieces,
)
from service.reporting.desk import Desk
from service.reporting.report import Report, Style
from service.reporting.seals import params_of
from service.reporting.statements.comparing import changes
from service.reporting.statements.files import file_of
from service.reporting.statements.finding import check_of, find, listed
from service.reporting.statements.sealing import keep, sealed
from service.reporting.statements.shown import statement_of, whole
from service.reporting.words import LOCALES
from service.schemas.statements import StatementAsk, StatementChangesAsk, StatementsAsk

statements = typer.Typer(help="Reports as they were signed: seal, verify, compare.", no_args_is_help=True)
DESKS = {desk.name: desk for desk in all_desks()}
Id = Annotated[str, typer.Argument(metavar="ID", help="The statement's id.")]


def register(app: typer.Typer) -> None:
    """Add `statement` with `seal <desk> <report>` for every report."""
    sealing = typer.Typer(help="Seal a report as it reads now.", no_args_is_help=True)
    for desk in DESKS.values():
        of_desk = typer.Typer(help=desk.description, no_args_is_help=True)
        for report in desk.reports:
            of_desk.command(name=report.name)(seal_command(desk, report))
        sealing.add_typer(of_desk, name=desk.name)
    statements.add_typer(sealing, name="seal")
    app.add_typer(statements, name="statement")


def seal_command(desk: Desk, report: Report[Any, Any]) -> Callable[..., None]:
    """The command that seals one report; its options are the report's own and two of the sealing."""

    def command(**given: Any) -> None:
        run(_seal(desk, report, given))

    options = [
        *parameter_options(report),
        option("note", str, "", "What you want to say with it."),
        option("accept_incomplete", bool, False, "Seal it although it is not complete."),
    ]
    return with_options(command, options, f"Seal: {report.title}. {report.description}")


@statements.command(name="list")
def show_list(
    desk: Annotated[str | None, typer.Option(help="Only of this desk.")] = None,
    report: Annotated[str | None, typer.Option(help="Only of this report.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many, newest first.")] = 100,
) -> None:
    """List statements as JSON, newest first."""
    asked = StatementsAsk(desk=desk, report=report, limit=limit)

    async def work() -> None:
        async with opened_beside(load_settings()) as runtime:
            desks = [known for name, known in DESKS.items() if desk in {None, name}]
            _print(await listed(runtime.database, runtime.settings, desks, SYSTEM, asked))

    run(work())


@statements.command()
def show(statement: Id) -> None:
    """Print a statement with its rows as JSON."""
    run(_with(statement, lambda _, row: _write(whole(row), None)))


@statements.command()
def verify(statement: Id) -> None:
    """Say whether a statement is what was signed; exit code 1 where it is not."""

    async def work(_: Runtime, row: Row[Any]) -> None:
        check = check_of(row)
        _print(check)
        if not check.intact:
            raise refuse(f"this is not what was signed: {', '.join(check.differs)}")

    run(_with(statement, work))


@statements.command(name="changes")
def show_changes(
    statement: Id,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 1000,
    cursor: Annotated[str | None, typer.Option(help="`page.next` of the page before.")] = None,
) -> None:
    """Print as JSON what would differ today, each figure with its causes."""

    async def work(runtime: Runtime, row: Row[Any]) -> None:
        asked = StatementChangesAsk(limit=limit, cursor=cursor)
        _print(await changes(runtime, DESKS[row.desk], row, SYSTEM, asked))

    run(_with(statement, work))


@statements.command(name="file")
def write_file(
    statement: Id,
    format: Annotated[str, typer.Option(help="json, csv, html or another of the report's.")] = "json",  # noqa: A002
    output: Annotated[Path | None, typer.Option(help="Without it, standard output.")] = None,
    locale: Annotated[str, typer.Option(help=f"Language of labels: {', '.join(LOCALES)}.")] = "en",
) -> None:
    """Write a statement as a file."""

    async def work(_: Runtime, row: Row[Any]) -> None:
        made = file_of(row, DESKS[row.desk], format, Style(locale=locale))
        write_pieces(made.pieces, output)
        if output is not None:
            say(f"{output}: sha256 {row.sha256}")

    run(_with(statement, work))


async def _seal(desk: Desk, report: Report[Any, Any], given: dict[str, Any]) -> None:
    values = plain_values(given)
    note, knowingly = values.pop("note"), values.pop("accept_incomplete")
    params = params_of(parsed(report, values))
    asked = StatementAsk(report=report.name, params=params, note=note, accept_incomplete=knowingly)
    async with opened_beside(load_settings()) as runtime:
        made = await sealed(runtime, desk, asked, SYSTEM)
        async with runtime.database.write() as conn:
            await keep(runtime, conn, made, SYSTEM)
            row = await queries.select_statement(conn, made.values["id"], made.seen)
        assert row is not None
        _print(statement_of(row))


async def _with(statement: str, work: Callable[[Runtime, Row[Any]], Coroutine[Any, Any, None]]) -> None:
    async with opened_beside(load_settings()) as runtime:
        await work(runtime, await find(runtime.database, DESKS.values(), SYSTEM, statement))


async def _write(body: bytes, output: Path | None) -> None:
    write_pieces([body, b"\n"], output)


def _print(content: BaseModel) -> None:
    print(content.model_dump_json(by_alias=True, indent=2))
