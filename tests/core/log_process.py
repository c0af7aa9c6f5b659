"""A process that logs, for the tests of logs: `python -m tests.core.log_process FORMAT`, lines on stderr."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError
from starlette.responses import PlainTextResponse

from service.core.compute import Compute
from service.core.settings import LogSettings
from service.core.telemetry import Telemetry, configure_logs, get_logger, timed, work_id

KEY = "mst_ab12cd34_" + "S" * 43
NAME = "Maria-whom-nobody-may-see"
log = get_logger("tests.process")


class Row(BaseModel):
    """A row with somebody's name."""

    age: int


async def application(scope: Any, receive: Any, send: Any) -> None:
    log.info("inside", path=scope["path"])
    await asyncio.create_task(child())
    await Compute(1).in_thread(lambda: log.info("in a thread"))
    logging.getLogger("some.library").warning("a library of %s", "others")
    with timed("db", rows=3):
        pass
    await PlainTextResponse("ok")(scope, receive, send)


async def child() -> None:
    log.info("in a task")


async def requests() -> None:
    transport = httpx.ASGITransport(Telemetry(application))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        await client.get(f"/sign-in?link={'L' * 43}", headers={"X-Request-Id": "given-1"})
        await client.get("/", headers={"X-Request-Id": "a b", "Authorization": f"Bearer {KEY}"})


def secrets() -> None:
    log.warning("connecting", url="postgresql+asyncpg://muster:hunter2@db/muster", key=f"sent {KEY} to us")
    log.warning(
        "following", link=f"https://muster/sign-in?link={'L' * 43}&x=1", header="token abcdef123:secret456"
    )
    try:
        Row.model_validate({"age": NAME})
    except ValueError:
        log.exception("a row")
    try:
        raise_database_error()
    except DBAPIError:
        log.exception("a statement")
    try:
        raise RuntimeError(f"could not reach https://u:hunter2@site with {KEY}")
    except RuntimeError as error:
        log.error("a call", exc_info=error)
    log.info("odd", name="\ud800", where=Path("/x"))


def raise_database_error() -> None:
    driver = asyncpg.UniqueViolationError(f"Key (name)=({NAME}) already exists")
    try:
        raise driver
    except asyncpg.UniqueViolationError as error:
        raise DBAPIError("INSERT", {"name": NAME}, error) from error


async def main() -> None:
    await requests()
    with work_id("run-7"):
        log.info("a job says something")
    secrets()
    log.debug("below the level")


if __name__ == "__main__":
    configure_logs(LogSettings(level=sys.argv[2], format=sys.argv[1]))  # type: ignore[arg-type]  # from the test
    asyncio.run(main())
