"""The command `muster`: always verb, then desk.

Exit codes: 0 done, also for a service that was told to stop; 1 it failed, and one sentence said why; 2 wrong
use or wrong settings; 3 a report is written but not complete; 130 and 143 cut short by Ctrl-C or SIGTERM.
"""

import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_group

from service.core.collecting import collecting_seldom

ROOMS: Final = {
    "demo": "demo",
    "serve": "serving",
    "worker": "serving",
    "serve-worker": "workers",
    "migrate": "operating",
    "openapi": "operating",
    "doctor": "doctor",
    "run": "data",
    "loadtest": "loadtest",
    "sync": "data",
    "simulate": "data",
    "import": "importing",
    "report": "reports",
    "statement": "statements",
    "keys": "keys",
    "people": "people",
    "erase": "erasing",
    "alerts": "alerts",
}
"""Where each command lives, in the order of `--help`."""


class Commands(TyperGroup):
    """The commands, each imported when it is asked for: all of them together take seconds."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  the framework's interface, as below
        """Their names."""
        return list(ROOMS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """One of them, or None; all are there to be proposed to who asks for one that is not."""
        for name in (cmd_name,) if cmd_name in ROOMS else ROOMS:
            if name not in self.commands:
                self.commands.update(_commands_of(ROOMS[name]))
        return self.commands.get(cmd_name)


def _commands_of(room: str) -> dict[str, Any]:
    made = typer.Typer()
    import_module(f"service.cli.{room}").register(made)
    return dict(get_group(made).commands)


app = typer.Typer(
    name="muster",
    cls=Commands,
    help="Answers people can sign: as of when, is it complete, why, what would change it.",
    epilog="Settings come from the environment (MUSTER_…); `muster doctor` shows and checks them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _every_command() -> None:
    """Nothing is done before a command: this says that there are several."""


def main() -> None:
    """Run one command; a failure that has a meaning is one sentence and an exit code."""
    with collecting_seldom():
        from service.cli.words import failing_plainly  # noqa: PLC0415  most of what a start takes, counted in

        with failing_plainly():
            app()
    sys.exit(0)
