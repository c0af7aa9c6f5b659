"""Alert rules as tests make them, judge them, and read what became of them."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text

from service.core.runtime import Runtime
from service.desks import all_desks
from service.monitoring.alerts.evaluation import evaluate
from service.monitoring.history import queries
from service.monitoring.history.spans import Span, Value

MISSING = {
    "kind": "report",
    "desk": "attendance",
    "report": "exceptions",
    "params": {"month": "2026-09", "kind": "missing_punch", "person": "HR-EMP-00001"},
}


async def make(http: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    """A rule that fires above zero; `asked` says otherwise."""
    usual = {"name": "watched", "source": {"kind": "figure", "figure": "rss_mib"}, "threshold": 0}
    answer = await http.post("/v1/alerts", json={**usual, **asked})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def only(runtime: Runtime) -> None:
    """Remove the built-in rules."""
    async with runtime.database.write() as conn:
        await conn.execute(text("DELETE FROM muster.alert_rule"))


async def judge(runtime: Runtime) -> dict[str, int]:
    """What the job does every 30 seconds."""
    return await evaluate(runtime, all_desks())


async def pass_time(runtime: Runtime, seconds: float) -> None:
    """Let everything that is on record have happened so much earlier."""
    async with runtime.database.write() as conn:
        for column in ("state_since", "evaluated_at", "silenced_until"):
            await conn.execute(
                text(f"UPDATE muster.alert_rule SET {column} = {column} - CAST(:by AS interval)"),
                {"by": timedelta(seconds=seconds)},
            )
        await conn.execute(
            text("""
                UPDATE muster.alert_event SET told = (
                    SELECT coalesce(jsonb_agg(CASE WHEN one ->> 'retry_at' IS NULL THEN one ELSE jsonb_set(
                        one, '{retry_at}',
                        to_jsonb(CAST(one ->> 'retry_at' AS timestamptz) - CAST(:by AS interval))) END), '[]')
                    FROM jsonb_array_elements(told) AS one)
            """),
            {"by": timedelta(seconds=seconds)},
        )


async def note_figures(runtime: Runtime, instance: str = "one", **figures: float) -> None:
    """Spans of the last 20 seconds with these figures."""
    values = {name: Value(value, value, value, 10) for name, value in figures.items()}
    async with runtime.database.write() as conn:
        now = await queries.select_clock(conn)
        rows = [
            {"seconds": 10, "slot": int(at // 10) % 360, "at": at // 10 * 10}
            | {"figures": Span(covered=10, values=values).stored()}
            for at in (now - 10, now)
        ]
        await queries.write_spans(conn, instance, rows)


async def rule(http: httpx.AsyncClient, made: dict[str, Any]) -> dict[str, Any]:
    """A rule as it stands."""
    answer = await http.get(f"/v1/alerts/{made['id']}")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def events(http: httpx.AsyncClient, made: dict[str, Any]) -> list[dict[str, Any]]:
    """What became of a rule, oldest first."""
    answer = await http.get(f"/v1/alerts/{made['id']}/events")
    assert answer.status_code == 200, answer.text
    return list(reversed(answer.json()["items"]))


def told(event: dict[str, Any]) -> dict[str, str]:
    """How each channel of an event stands."""
    return {one["channel"]: one["state"] for one in event["told"]}
