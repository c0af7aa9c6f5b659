"""alerts: how the rules stand, and silence for one of them."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Column, Table
from sqlalchemy import Row

from service.cli.house import database_beside
from service.cli.stopping import run
from service.cli.words import out, tabled
from service.core.auth import SYSTEM
from service.core.errors import unknown_value
from service.core.settings import load_settings
from service.monitoring.alerts import asking, queries
from service.schemas.monitoring.alerts import AlertState, SilenceAsk

alerts = typer.Typer(help="Alert rules: list, silence.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(alerts, name="alerts")


@alerts.command(name="list")
def show(
    state: Annotated[AlertState | None, typer.Option(help="Only rules in this state.")] = None,
) -> None:
    """List the rules and how they stand."""
    run(_list(state))


async def _list(state: AlertState | None) -> None:
    async with database_beside(load_settings()) as database, database.read() as conn:
        rows = (await conn.execute(queries.rules_like(state=state).order_by("name"))).all()
    # Names are typed again to silence a rule: whole, however narrow the terminal.
    whole = [Column(header, no_wrap=True) for header in ("name", "severity", "state", "since")]
    table = Table(*whole, "value", "what was read last")
    for row in rows:
        rule = asking.rule_of(row)
        value = "" if rule.value is None else f"{_number(rule.value)} {rule.unit}"
        table.add_row(rule.name, rule.severity, _stands(row), _short(rule.state_since), value, rule.detail)
    tabled().print(table)


@alerts.command()
def silence(
    name: Annotated[str, typer.Argument(help="The rule's name.")],
    hours: Annotated[float, typer.Option(min=0, max=8760, help="For so long; 0 ends a silence.")] = 1,
    because: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Tell nobody of a rule for some hours; it is judged all the same."""
    run(_silence(name, hours, because))


async def _silence(name: str, hours: float, because: str) -> None:
    until = datetime.now(UTC) + timedelta(hours=hours) if hours else None
    async with database_beside(load_settings()) as database, database.write() as conn:
        rows = (await conn.execute(queries.rules_like())).all()
        found = next((row for row in rows if row.name == name), None)
        if found is None:
            raise unknown_value("/name", "alert rule", name, [row.name for row in rows])
        asked = SilenceAsk(until=until, because=because)
        await asking.silence(conn, await asking.hold(conn, str(found.id)), asked, SYSTEM)
    out.print(f"{name} is silent until {_short(until)}." if until else f"{name} tells again.", markup=False)


def _stands(row: Row[tuple[object, ...]]) -> str:
    if not row.enabled:
        return "off"
    silent = row.silenced_until is not None and row.silenced_until > datetime.now(UTC)
    return f"{row.state} (silenced)" if silent else str(row.state)


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _short(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
