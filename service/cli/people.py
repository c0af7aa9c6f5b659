"""people: who signs in. A password comes from a prompt or standard input, never an argument."""

import sys
from typing import Annotated, Any, Final, get_args

import typer
from pydantic import ValidationError
from rich.table import Table

from service.access import accounts, people_queries, queries
from service.access.administration import people as administration
from service.access.roles import DESK_ROLES
from service.access.signing_in import searched
from service.cli.house import opened_beside
from service.cli.stopping import run
from service.cli.words import out, tabled
from service.core.auth import SYSTEM
from service.core.database import WriteConnection
from service.core.errors import Conflict, NotFound
from service.core.problems import validation_error
from service.core.settings import load_settings
from service.desks import known_sites
from service.schemas.administration import RoleAsk
from service.schemas.people import Language, PersonAsk

people = typer.Typer(help="People: add, list, set a password, give roles.", no_args_is_help=True)
_ROLES: Final = "parent, professional, staff or admin"


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(people, name="people")


@people.command()
def add(
    email: Annotated[str, typer.Argument(help="Address they sign in with.")],
    first_name: Annotated[str, typer.Option(help="Given name.")],
    last_name: Annotated[str, typer.Option(help="Family name.")],
    role: Annotated[str, typer.Option(help=f"One of {_ROLES}.")],
    language: Annotated[str, typer.Option(help=f"Of mails: {', '.join(get_args(Language))}.")] = "en",
    invite: Annotated[
        bool, typer.Option("--invite", help="They choose the password themselves, by a link in a mail.")
    ] = False,
) -> None:
    """Add a person: with a password (asked for, or the first line of standard input), or by invitation."""
    given = {"email": email, "first_name": first_name, "last_name": last_name}
    try:
        asked = PersonAsk.model_validate({**given, "role": role, "language": language})
    except ValidationError as error:
        raise validation_error(
            [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors()]
        ) from None
    run(_invite(asked) if invite else _add(asked, _password()))


async def _add(asked: PersonAsk, password: str) -> None:
    async with opened_beside(load_settings()) as runtime, runtime.database.write() as conn:
        person = await _added(conn, asked)
        await accounts.open_with(conn, runtime.compute, person, password, by="system")
    out.print(f"person {person} can sign in")


async def _invite(asked: PersonAsk) -> None:
    async with opened_beside(load_settings()) as runtime:
        async with runtime.database.write() as conn:
            person = await _added(conn, asked)
            letter = await accounts.invite(conn, person, asked.email, asked.language)
        sent = await accounts.send(runtime, letter)
    out.print(f"person {person} is {'invited' if sent else 'added, but the mail was not taken; see the log'}")


async def _added(conn: WriteConnection, asked: PersonAsk) -> int:
    person = await accounts.add_person(conn, asked.model_dump(), "person.added")
    if person is None:
        raise Conflict("somebody has this address already")
    return person


@people.command(name="list")
def show() -> None:
    """List everybody who is not erased."""
    run(_list())


async def _list() -> None:
    async with opened_beside(load_settings()) as runtime, runtime.database.read() as conn:
        rows = await queries.rows(conn, people_queries.people())
    table = Table("id", "address", "name", "role", "at desks", "state", "last sign-in")
    for row in rows:
        table.add_row(*_shown(row))
    tabled().print(table)


def _shown(row: Any) -> list[str]:
    seen = "never" if row.last_login_at is None else row.last_login_at.isoformat(timespec="minutes")
    state = "locked" if row.locked else row.status
    return [
        str(row.id),
        row.email,
        f"{row.first_name} {row.last_name}",
        row.role,
        row.desks or "",
        state,
        seen,
    ]


@people.command()
def password(email: Annotated[str, typer.Argument(help="Whose.")]) -> None:
    """Set a person's password; every sign-in of theirs ends within a second, and a lock as well."""
    run(_set(email, _password()))


async def _set(email: str, password: str) -> None:
    async with opened_beside(load_settings()) as runtime, runtime.database.write() as conn:
        row = await people_queries.select_by_email(conn, searched(email))
        if row is None:
            raise NotFound("nobody has this address")
        await accounts.open_with(conn, runtime.compute, row.id, password, by="system")
    out.print(f"the password of person {row.id} is set")


@people.command()
def role(
    email: Annotated[str, typer.Argument(help="Whose.")],
    desk: Annotated[str, typer.Argument(help="At which desk, such as attendance.")],
    role: Annotated[
        str | None, typer.Argument(help=f"One of {', '.join(DESK_ROLES)}; with --take not needed.")
    ] = None,
    place: Annotated[
        list[str] | None, typer.Option(help="A site or station; of a manager needed. May be given again.")
    ] = None,
    take: Annotated[bool, typer.Option("--take", help="Take the role they have there.")] = False,
) -> None:
    """Give a person of the staff a role at a desk, in place of the one they have; it holds at once."""
    if take == (role is not None):
        raise typer.BadParameter("name a role, or say --take")
    try:
        asked = None if role is None else RoleAsk.model_validate({"role": role, "places": place})
    except ValidationError as error:
        raise validation_error(
            [{**entry, "loc": ("body", *entry["loc"])} for entry in error.errors()]
        ) from None
    run(_role(email, desk, asked))


async def _role(email: str, desk: str, asked: RoleAsk | None) -> None:
    async with opened_beside(load_settings()) as runtime, runtime.database.write() as conn:
        row = await people_queries.select_by_email(conn, searched(email))
        if row is None:
            raise NotFound("nobody has this address")
        if asked is None:
            await administration.take_role(conn, SYSTEM, row.id, desk)
        else:
            await administration.put_role(conn, SYSTEM, row.id, desk, asked, known_sites)
    held = "no role" if asked is None else asked.role
    out.print(f"person {row.id} has {held} at {desk}", markup=False)


def _password() -> str:
    """Asked for twice on a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")
