"""report: any report of any desk, on the command line, from its declaration."""

import typer

from service.cli.house import opened_beside
from service.cli.stopping import run
from service.core.settings import load_settings
from service.desks import all_desks
from service.reporting.commandline import report_command


def register(app: typer.Typer) -> None:
    """Add `report <desk> <name>` for every report."""
    reports = typer.Typer(help="Write a report as csv, xlsx, html, ndjson or json.", no_args_is_help=True)
    for desk in all_desks():
        of_desk = typer.Typer(help=desk.description, no_args_is_help=True)
        for report in desk.reports:
            command = report_command(desk, report, lambda: opened_beside(load_settings()), run)
            of_desk.command(name=report.name)(command)
        reports.add_typer(of_desk, name=desk.name)
    app.add_typer(reports, name="report")
