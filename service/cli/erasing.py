"""erase: what has to go for good, also after a backup brought it back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from service.children import DESK as CHILDREN
from service.children.rights import tombstones
from service.children.rights.execution import erase_risen
from service.cli.house import opened_beside
from service.cli.stopping import run
from service.cli.words import out, refuse, say
from service.core.settings import load_settings

erase = typer.Typer(help="Erase again what a restore from a backup brought back.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(erase, name="erase")


@erase.command(name=CHILDREN.name)
def erase_children(
    after_restore: Annotated[
        bool, typer.Option("--after-restore", help="Erase the children that the backup still had.")
    ] = False,
    tombstone_file: Annotated[
        Path | None, typer.Option("--tombstones", help="What `--list` wrote before the restore.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which children these are.")] = False,
    show: Annotated[bool, typer.Option("--list", help="Print the tombstones, to be kept elsewhere.")] = False,
) -> None:
    """Children that were erased stay erased: run this after every restore, before the service starts."""
    if show == after_restore:
        raise refuse("Say either --list or --after-restore.", code=2)
    lines = [] if tombstone_file is None else tombstone_file.read_text(encoding="utf-8").splitlines()
    run(_list() if show else _erase_again(lines, dry_run=dry_run))


async def _list() -> None:
    async with opened_beside(load_settings()) as runtime:
        for line in await tombstones.tombstones(runtime.database):
            out.print(line, markup=False)


async def _erase_again(lines: Sequence[str], *, dry_run: bool) -> None:
    async with opened_beside(load_settings()) as runtime:
        if lines:
            say(f"{await tombstones.learn(runtime.database, lines)} tombstones read")
        if dry_run:
            numbers = await tombstones.risen(runtime.database)
            say(f"{len(numbers)} children would be erased again: {_listed(numbers)}")
            return
        numbers = await erase_risen(runtime)
        say(f"{len(numbers)} children erased again: {_listed(numbers)}")


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
