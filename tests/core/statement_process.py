"""A process whose requests send slow and repeated statements; it writes its log to stderr."""

import asyncio
from typing import Any

import httpx
from starlette.responses import PlainTextResponse

from service.core.settings import LogSettings
from service.core.telemetry import Telemetry, configure_logs, work_id
from service.core.telemetry.statements import Statements

statements = Statements(slow=0.5, repeats=3)


async def application(scope: Any, receive: Any, send: Any) -> None:
    scope["state"]["route"] = "/v1/people/{person}"
    for number in range(9):
        statements.record(f"SELECT name FROM person WHERE id = {number} AND name <> 'Ada'", 0.001, 1)
    await PlainTextResponse("ok")(scope, receive, send)


async def main() -> None:
    transport = httpx.ASGITransport(Telemetry(application))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        await client.get("/", headers={"X-Request-Id": "given-1"})
    with work_id("run-7"):
        statements.record("SELECT name FROM person WHERE name IN ('Ada', 'Eve')", 0.75, 2)


if __name__ == "__main__":
    configure_logs(LogSettings(level="WARNING", format="json"))
    asyncio.run(main())
