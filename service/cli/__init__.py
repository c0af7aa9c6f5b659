"""The command `muster`: always verb, then desk."""

import sys

import typer

from service.cli import data, demo, keys, reports, serving
from service.cli.words import failing_plainly

app = typer.Typer(
    name="muster",
    help="Answers people can sign: as of when, is it complete, why, what would change it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (demo, serving, data, reports, keys):
    room.register(app)


def main() -> None:
    """Run one command; a failure that has a meaning is one sentence and exit code 1."""
    with failing_plainly():
        app()
    sys.exit(0)
