"""keys: who may ask what."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from service.access.keys import KnownSites, create_key, list_keys, revoke_key
from service.access.sessions import create_sign_in_link
from service.cli.house import address, database_beside
from service.cli.stopping import run
from service.cli.words import out, tabled
from service.core.auth import SCOPES
from service.core.settings import Settings, load_settings
from service.desks import known_sites

keys = typer.Typer(help="API keys: create, list, revoke.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(keys, name="keys")


@keys.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[list[str], typer.Option(help=f"May be given again: {', '.join(SCOPES)}.")],
    site: Annotated[list[str] | None, typer.Option(help="Only these sites; default all.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires; default never.")] = None,
    unknown_site_ok: Annotated[
        bool, typer.Option("--unknown-site-ok", help="Take sites that are still to be synced or imported.")
    ] = False,
) -> None:
    """Make a key and print it; this is the only time it is shown."""
    run(_create(name, scope, site, days, None if unknown_site_ok else known_sites))


async def _create(
    name: str, scopes: list[str], sites: list[str] | None, days: int | None, known: KnownSites | None
) -> None:
    expires = None if days is None else datetime.now(UTC) + timedelta(days=days)
    async with database_beside(load_settings()) as database:
        made = await create_key(database, name, scopes, sites, expires, known_sites=known)
    out.print(made.token, markup=False)


@keys.command(name="list")
def show() -> None:
    """List all keys, revoked and expired ones too."""
    run(_list())


async def _list() -> None:
    async with database_beside(load_settings()) as database:
        rows = await list_keys(database)
    table = Table("id", "name", "scopes", "sites", "expires", "state")
    for key in rows:
        expires = "never" if key.expires_at is None else key.expires_at.isoformat(timespec="minutes")
        sites = "all" if key.sites is None else ", ".join(key.sites)
        table.add_row(key.id, key.name, ", ".join(key.scopes), sites, expires, key.state)
    tabled().print(table)


@keys.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id, as `keys list` shows it.")]) -> None:
    """Revoke a key: it ends within a second, with its browser sessions."""
    run(_revoke(key_id))


async def _revoke(key_id: str) -> None:
    async with database_beside(load_settings()) as database:
        await revoke_key(database, key_id)
    out.print(f"{key_id} is revoked")


@keys.command()
def link(
    key_id: Annotated[str, typer.Argument(help="The key whose rights the browser gets.")],
    target: Annotated[str, typer.Option(help="Page to open after signing in.")] = "/",
    port: Annotated[
        int | None, typer.Option(help="Where the service listens; default MUSTER_PORT or 8000.")
    ] = None,
) -> None:
    """Print a link that signs one browser in, once, within an hour."""
    run(_link(load_settings() if port is None else load_settings(port=port), key_id, target))


async def _link(settings: Settings, key_id: str, target: str) -> None:
    async with database_beside(settings) as database:
        made = await create_sign_in_link(database, key_id, target, timedelta(hours=1))
    out.print(f"{address(settings, settings.port)}{made.path}", markup=False)
