"""Whole requests to the children's desk in one process, over HTTP without a network: p95 beside D14."""

import statistics
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from benchmarks.ground import interleaved
from benchmarks.printing import heading, judge, times
from service.access.access_tokens import Claims, mint
from service.access.authenticator import open_authenticator
from service.app import create_app
from service.core.database import Database
from service.core.runtime import open_runtime
from service.core.settings import Settings
from service.core.telemetry.logs import configure_logs
from service.desks import jobs_of, running_desks

SECRET = "b" * 32
BUDGETS = {"list": 30, "sessions page": 20, "summary 365 d": 30, "dashboard": 40, "complete": 40}
"""Milliseconds (spec D14)."""
SESSION = {"session_type": "dental_visit", "scenario_name": "Chair"}


async def answers(db: Database, rounds: int, diary: int) -> None:
    """Every answer of the budget in turn, as parents of 20 and of 5 children.

    Each question is a new one, so nothing is answered from what was kept.
    """
    settings = Settings.model_validate(
        {
            "database": {"url": db.url, "pool_size": 5},
            "secret_keys": [SECRET],
            "cache": {"warm_seconds": 0},
            "access": {"person_per_minute": 0},
            "log": {"level": "WARNING"},
        }
    )
    configure_logs(settings.log)
    desks = running_desks(settings)
    async with open_runtime(settings, jobs_of(desks), open_authenticator) as runtime:
        app = create_app(settings, runtime)
        transport = httpx.ASGITransport(app, client=("192.0.2.1", 50000))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://muster.test") as http,
        ):
            await _measured(http, rounds, diary)


def _as(person: int) -> dict[str, str]:
    claims = Claims(person=person, version=0, family=uuid4(), signed_in_at=datetime.now(UTC))
    return {"Authorization": f"Bearer {mint([SECRET], claims, timedelta(minutes=15))}"}


async def _measured(http: httpx.AsyncClient, rounds: int, diary: int) -> None:
    twenty, five = _as(1), _as(2)
    windows = count(1)
    opened = [await _opened(http, twenty) for _ in range(rounds + 5)]

    async def get(who: dict[str, str], path: str, **query: Any) -> None:
        (await http.get(f"/v1/children{path}", params=query, headers=who)).raise_for_status()

    async def complete() -> None:
        path = f"/v1/children/sessions/{opened.pop()}/complete"
        (await http.post(path, json={"score": 80}, headers=twenty)).raise_for_status()

    seconds = await interleaved(
        {
            "list": lambda: get(twenty, "", limit=20),
            "sessions page": lambda: get(five, f"/{diary}/sessions", limit=20),
            # Another day each time: a window that was answered is kept.
            "summary 365 d": lambda: get(five, "/3/analytics/summary", **_year(next(windows))),
            "dashboard": lambda: get(five, "/dashboard"),
            "complete": complete,
        },
        rounds,
        warm_up=5,
    )
    heading("B6, whole requests in one process, p95 beside D14")
    for name, values in seconds.items():
        times(name, values)
        judge(f"{name}, p95", statistics.quantiles(values, n=20)[-1] * 1000, BUDGETS[name], unit="ms")


def _year(number: int) -> dict[str, str]:
    last = datetime(2026, 10, 30, tzinfo=UTC).date() - timedelta(days=number)
    return {"from": str(last - timedelta(days=364)), "to": str(last)}


async def _opened(http: httpx.AsyncClient, who: dict[str, str]) -> int:
    made = await http.post("/v1/children/1/sessions", json=SESSION, headers=who)
    made.raise_for_status()
    number: int = made.json()["id"]
    return number
