"""A day of the service with every logger at DEBUG: `python -m tests.scanned_process URL`, lines on stderr.

On standard output stands, as JSON, what no line may hold: secrets, bodies, names of people.
"""

import asyncio
import json
import sys
from contextlib import suppress
from typing import Any

from sqlalchemy import text

from service.access.keys import create_key
from service.core.settings import LogSettings
from service.core.telemetry import configure_logs
from tests.attendance.truth.chain import HOOK_SECRET, Chain, open_chain
from tests.attendance.truth.losses import small_firm
from tests.children.day import family_day
from tests.core.whole import SECRET, trials
from tests.crew.day import crew_day

LIBRARIES = ("sqlalchemy.engine", "httpx", "httpcore", "aiohttp", "asyncpg", "pgqueuer", "asyncio", "alembic")
WORD = "a-reason-that-stays-between-us"
KEY = "not-a-key-of-anybody-mst_ab12cd34_" + "S" * 43


async def day(url: str) -> list[str]:
    """Sync, reports, writes, refusals and failures; what must not be told of it."""
    async with small_firm() as firm, open_chain(url, firm.server) as chain:
        chain.http._transport.app.include_router(trials)  # type: ignore[attr-defined]  # httpx's own
        assert (await chain.sync()).state == "done"
        people = await chain.listed("/v1/attendance/people")
        names = [row["name"] for row in people["items"]]
        assert len(names) > 3
        admin = (await create_key(chain.runtime.database, "admin", ["admin"])).token
        await reads(chain, names, admin)
        await writes(chain, admin)
        await failures(chain)
        statements = chain.runtime.database.statements
        assert statements.totals().count > 50
        return [*names, admin, HOOK_SECRET, SECRET, WORD, KEY[-43:], "k" * 32, "demo:demo", "ZGVtbzpkZW1v"]


async def reads(chain: Chain, names: list[str], admin: str) -> None:
    await chain.sheet(month="2026-10")
    await chain.listed("/v1/attendance/days")
    for path in ("/v1/attendance/people", "/v1/attendance/reports/monthly-sheet"):
        await chain.http.get(path, params={"person": names[0], "site": names[1]})
    bearer = {"Authorization": f"Bearer {admin}", "X-Correlation-Id": "the-day"}
    for path in ("/metrics", "/health/tasks", "/v1/logs", "/v1/access/audit", f"/sign-in?link={'L' * 43}"):
        await chain.http.get(path, headers=bearer)


async def writes(chain: Chain, admin: str) -> None:
    bearer = {"Authorization": f"Bearer {admin}", "Idempotency-Key": WORD}
    made = await chain.http.post(
        "/v1/access/keys", json={"name": WORD, "scopes": ["attendance:read"]}, headers=bearer
    )
    assert made.status_code == 201, made.text
    await chain.http.post(
        "/v1/attendance/hooks/upstream", content=WORD.encode(), headers={"Authorization": ""}
    )
    await chain.http.post("/v1/trials/given", json={"name": WORD})
    await chain.http.post("/v1/trials/given", content=f'{{"name": "{WORD}'.encode())
    await chain.http.post("/v1/runs", json={"job": "attendance.recompute", "params": {"people": [WORD]}})
    await chain.runtime.tasks.run_now("attendance.recompute", {}, "test")


async def failures(chain: Chain) -> None:
    for how in ("driver", "statement", "timeout"):  # what own code says of a mistake is told: it is no value
        with suppress(Exception):
            await chain.http.get(f"/v1/trials/fail/{how}")
    for path in ("twice", "twice", "copied"):
        with suppress(Exception):
            await chain.http.post(f"/v1/trials/{path}")
    for header in (f"Bearer {KEY}", "Basic ZGVtbzpkZW1v"):
        await chain.http.get("/v1/runs", headers={"Authorization": header})
    async with chain.runtime.database.write() as conn:
        with suppress(Exception):
            await conn.execute(text("INSERT INTO muster.nothing VALUES (:word)"), {"word": WORD})


async def both(url: str) -> list[str]:
    """A day of the desks; what no line may hold."""
    return [*await day(url), *await family_day(url), *await crew_day(url)]


def main() -> None:
    levels: dict[str, Any] = dict.fromkeys(LIBRARIES, "DEBUG")
    configure_logs(LogSettings(level="DEBUG", levels=levels, format="json"))
    print(json.dumps(asyncio.run(both(sys.argv[1]))))


if __name__ == "__main__":
    main()
