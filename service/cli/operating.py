"""migrate, openapi: the schema of the database, the description of the API."""

import json
from pathlib import Path
from typing import Annotated

import typer

from service.app import create_app
from service.cli.house import quietly
from service.cli.stopping import run
from service.cli.words import out
from service.core.database import Database
from service.core.migrations import migrate
from service.core.runtime import open_database
from service.core.settings import Settings, load_settings
from service.core.telemetry import configure_logs
from service.reporting.clientcode import client_source
from service.reporting.commandline import write_pieces


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(name="migrate")(migrate_database)
    app.command()(openapi)


def migrate_database(revision: Annotated[str, typer.Argument(help="Revision to reach.")] = "head") -> None:
    """Bring the database to the newest schema; the embedded one gets there by itself."""
    run(_migrate(load_settings(), revision))


async def _migrate(settings: Settings, revision: str) -> None:
    configure_logs(quietly(settings).log)
    if settings.database.url is None:
        async with open_database(settings):
            out.print("The embedded database is at the newest schema.")
        return
    database = Database(settings.database.url.get_secret_value(), settings.database)
    await database.open()
    try:
        await migrate(database, revision)
    finally:
        await database.close()
    out.print("The database is at the newest schema." if revision == "head" else f"Reached {revision}.")


def openapi(
    write: Annotated[Path | None, typer.Option(help="Write the document to this file.")] = None,
    write_client: Annotated[bool, typer.Option(help="Write the client's generated methods.")] = False,
) -> None:
    """Print the OpenAPI document, or write it and the client's methods that follow from it."""
    # Without the environment: the same document wherever it is made.
    document = create_app(load_settings({})).openapi()
    if write_client:
        folder = Path(__file__).parent.parent / "client"
        for name, source in client_source(document).items():
            (folder / name).write_text(source, encoding="utf-8")
            out.print(f"wrote service/client/{name}")
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if write is not None:
        write_pieces([text.encode()], write)
        out.print(f"wrote {write}", markup=False)
    elif not write_client:
        print(text, end="")
