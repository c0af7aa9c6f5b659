"""The command `muster`: always verb, then desk.

Exit codes: 0 done, also for a service that was told to stop; 1 it failed, and one sentence said why; 2 wrong
use or wrong settings; 3 a report is written but not complete; 130 and 143 cut short by Ctrl-C or SIGTERM.
"""

import sys

import typer

from service.cli import (
    alerts,
    data,
    demo,
    doctor,
    erasing,
    importing,
    keys,
    loadtest,
    operating,
    people,
    reports,
    serving,
    statements,
    workers,
)
from service.cli.words import failing_plainly

app = typer.Typer(
    name="muster",
    help="Answers people can sign: as of when, is it complete, why, what would change it.",
    epilog="Settings come from the environment (MUSTER_…); `muster doctor` shows and checks them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for room in (
    demo,
    serving,
    workers,
    operating,
    doctor,
    data,
    importing,
    reports,
    statements,
    keys,
    people,
    erasing,
    loadtest,
    alerts,
):
    room.register(app)


def main() -> None:
    """Run one command; a failure that has a meaning is one sentence and an exit code."""
    with failing_plainly():
        app()
    sys.exit(0)
