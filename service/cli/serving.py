"""serve, worker, migrate, doctor, openapi: the service itself."""

import asyncio
import json
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from service.app import create_app
from service.attendance.upstream.client import FrappeClient
from service.attendance.upstream.sites import probe
from service.cli.house import free_socket, opened, run
from service.cli.words import out, refuse
from service.core.database import Database
from service.core.migrations import migrate
from service.core.runtime import Runtime, open_database
from service.core.settings import Settings, every_setting, load_settings
from service.core.telemetry import configure_logs
from service.reporting.clientcode import client_source
from service.worker import work

Port = Annotated[int | None, typer.Option(help="Port to listen on; default MUSTER_PORT or 8000.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(serve)
    app.command()(worker)
    app.command(name="migrate")(migrate_database)
    app.command()(doctor)
    app.command()(openapi)


def serve(port: Port = None) -> None:
    """Serve the API, pages and background jobs with the settings of the environment."""
    settings = load_settings() if port is None else load_settings(port=port)
    run(_serve(settings))


async def _serve(settings: Settings) -> None:
    bound = free_socket(settings.host, settings.port, "choose another with --port or MUSTER_PORT")
    async with opened(settings) as runtime:
        app = create_app(settings, runtime)
        url = f"http://{settings.host}:{bound.getsockname()[1]}"
        await serve_until_stopped(app, runtime, bound, lambda: _tell(url))


async def _tell(url: str) -> None:
    out.print(f"Muster serves {url}/docs (Ctrl-C stops it)")


async def serve_until_stopped(
    app: FastAPI, runtime: Runtime, bound: socket.socket, tell: Callable[[], Awaitable[None]]
) -> None:
    """Answer requests and carry out jobs until SIGINT or SIGTERM; requests in flight are finished.

    `tell` is called once requests are answered.
    """
    config = uvicorn.Config(
        app,
        http="httptools",
        loop="uvloop",
        access_log=False,
        log_config=None,
        lifespan="on",
        timeout_graceful_shutdown=20,
        server_header=False,
    )
    server = _Announcing(config, tell)
    jobs = asyncio.create_task(runtime.tasks.serve()) if runtime.settings.tasks.enabled else None
    try:
        with suppress(KeyboardInterrupt):
            await server.serve(sockets=[bound])
    finally:
        if jobs is not None:
            jobs.cancel()
            await asyncio.gather(jobs, return_exceptions=True)


class _Announcing(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self.tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then tell."""
        await super().startup(sockets)
        if self.started:
            await self.tell()


def worker() -> None:
    """Carry out background jobs only, without the API."""
    run(_work(load_settings()))


async def _work(settings: Settings) -> None:
    async with opened(settings) as runtime:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        out.print("Muster carries out jobs (Ctrl-C stops it)")
        await work(runtime, stop)


def migrate_database(revision: Annotated[str, typer.Argument(help="Revision to reach.")] = "head") -> None:
    """Bring the database to the newest schema."""
    run(_migrate(load_settings(), revision))


async def _migrate(settings: Settings, revision: str) -> None:
    configure_logs(settings.log)
    if settings.database.url is None:
        async with open_database(settings):
            out.print("The embedded database is at the newest schema.")
        return
    database = Database(settings.database.url.get_secret_value(), settings.database)
    await database.open()
    try:
        await migrate(database, revision)
    finally:
        await database.close()
    out.print(f"The database is at {revision}.")


def doctor() -> None:
    """Check settings, database and upstream, and say what to do about what is wrong."""
    settings = load_settings()
    for setting in every_setting():
        value = _value_of(settings, setting.name)
        shown = "********" if setting.secret and value is not None else value
        out.print(f"  {setting.name} = {shown}", markup=False)
    if not run(_examine(settings)):
        raise typer.Exit(1)


async def _examine(settings: Settings) -> bool:
    configure_logs(settings.log.model_copy(update={"level": "ERROR"}))
    well = True
    async with open_database(settings) as (database, _), database.read() as conn:
        version = (await conn.exec_driver_sql("SHOW server_version")).scalar_one()
        out.print(f"database: PostgreSQL {version}, schema is the newest")
    if settings.upstream.frappe.url is None:
        out.print("upstream: none set; MUSTER_UPSTREAM__FRAPPE__URL names the Frappe HR site to read")
        return well
    client = FrappeClient(settings.upstream.frappe)
    try:
        report = await probe(client)
    finally:
        await client.close()
    for finding in report.findings:
        mark = "well" if finding.well else "WRONG"
        out.print(f"upstream: {mark}: {finding.sentence}", markup=False)
        well = well and finding.well
    return well


def _value_of(settings: Settings, name: str) -> object:
    value: object = settings
    for part in name.removeprefix("MUSTER_").lower().split("__"):
        value = getattr(value, part)
    return value


def openapi(
    write: Annotated[Path | None, typer.Option(help="Write the document to this file.")] = None,
    write_client: Annotated[bool, typer.Option(help="Write the client's generated methods.")] = False,
) -> None:
    """Print the OpenAPI document, or write it and the client's methods that follow from it."""
    document = create_app(Settings()).openapi()
    if write_client:
        folder = Path(__file__).parent.parent / "client"
        for name, source in client_source(document).items():
            (folder / name).write_text(source)
            out.print(f"wrote service/client/{name}")
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if write is not None:
        write.write_text(text)
    elif not write_client:
        print(text, end="")


__all__ = ["refuse", "register", "serve_until_stopped"]
