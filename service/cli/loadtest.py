"""loadtest: put a service under load, say how it fared, and fail where it became slower."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from service.access.keys import create_key, revoke_key
from service.cli.house import address, quietly
from service.cli.loadtable import tell_result
from service.cli.progress import Tell, shown_progress
from service.cli.stopping import Stopped, handled_by, run
from service.cli.words import refuse, say
from service.client import MusterClient, MusterError, NotAuthenticated
from service.core.runtime import open_database
from service.core.settings import Settings, load_settings
from service.core.telemetry import configure_logs
from service.monitoring.loadtest.comparing import judge, read_baseline
from service.monitoring.loadtest.examples import Search
from service.monitoring.loadtest.page import page_of
from service.monitoring.loadtest.plan import Bounds, Plan, RequestPlan, Stage
from service.monitoring.loadtest.reading import BadPlan, read_plan
from service.monitoring.loadtest.result import Result, result_of
from service.monitoring.loadtest.running import Run
from service.monitoring.loadtest.schedule import Mix
from service.monitoring.loadtest.sending import Sender
from service.reporting.commandline import write_pieces

TELL_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Target:
    """The service under load, and the key it is asked with."""

    url: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written and compared."""

    json: Path | None
    html: Path | None
    save_baseline: Path | None
    baseline: Result | None


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(loadtest)


def loadtest(
    plan: Annotated[
        Path | None, typer.Argument(help="A plan, TOML or JSON; docs/loadtest.toml shows one.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Without a plan: each GET operation with its example.")
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="The service; default this machine's, with a key for the run.")
    ] = None,
    key: Annotated[str | None, typer.Option(envvar="MUSTER_KEY", help="API key to ask with.")] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Of --all: how long.")] = 30,
    users: Annotated[int, typer.Option(min=1, max=10_000, help="Of --all: users at once.")] = 4,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result to this file.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write it as a page, which needs no network.")] = None,
    save_baseline: Annotated[Path | None, typer.Option(help="Keep the result, to compare with.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Fail where it is slower than this result.")] = None,
    tolerance: Annotated[
        float | None, typer.Option(min=0, help="How much slower p95 may be; default the plan's 0.10.")
    ] = None,
    max_errors: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share that may fail; default the plan's 0.01.")
    ] = None,
) -> None:
    """Put a running service under load. 0: fine; 1: slower or too many errors; 2: a plan that is none."""
    if (plan is None) != everything:
        raise refuse("Give either a plan or --all; docs/loadtest.toml is an example of a plan.", 2)
    try:
        chosen = None if plan is None else read_plan(plan)
        wanted = Wanted(json_file, html, save_baseline, None if baseline is None else read_baseline(baseline))
    except BadPlan as bad:
        say(*bad.problems)
        raise typer.Exit(2) from None
    bounds = {"tolerance": tolerance, "errors": max_errors}
    given = {name: value for name, value in bounds.items() if value is not None}
    run(_loadtest(chosen, (seconds, users), (url, key), given, wanted))


async def _loadtest(
    plan: Plan | None,
    size: tuple[float, int],
    where: tuple[str | None, str | None],
    bounds: dict[str, float],
    wanted: Wanted,
) -> None:
    async with _target(*where) as target:
        await _answers(target)
        if plan is None:
            plan = await _plan_of_examples(target, *size)
        result, stopped = await _measured(plan, target)
    verdict = judge(result, plan.bounds.model_copy(update=bounds), wanted.baseline)
    document = (result.model_dump_json(indent=1) + "\n").encode()
    for file, content in ((wanted.json, document), (wanted.save_baseline, document)):
        if file is not None:
            write_pieces([content], file)
    if wanted.html is not None:
        write_pieces([page_of(result, verdict).encode()], wanted.html)
    tell_result(result, verdict)
    if stopped is not None:
        raise Stopped(stopped)
    if verdict.exit_code:
        raise typer.Exit(verdict.exit_code)


@asynccontextmanager
async def _target(url: str | None, key: str | None) -> AsyncIterator[Target]:
    """The address and key that were given; or this installation's, with a key that ends with the run."""
    if url is not None or key is not None:
        yield Target((url or _own_address(load_settings())).rstrip("/"), key)
        return
    settings = load_settings()
    configure_logs(quietly(settings).log)
    target = Target(_own_address(settings), None)
    await _answers(target)  # without a service that answers, no database is started for a key
    async with open_database(settings, beside_owner=True) as (database, _):
        expires = datetime.now(UTC) + timedelta(days=1)
        made = await create_key(database, "load test", ["admin"], expires=expires, replace=True)
        try:
            yield await _known(Target(target.url, made.token), settings)
        finally:
            await revoke_key(database, made.key.id)


async def _known(target: Target, settings: Settings) -> Target:
    """The target, once it is sure that the service there stands on the database that the key was made in."""
    async with MusterClient(target.url, target.key, retries=0, timeout=10) as client:
        try:
            await client.access.me()
        except NotAuthenticated:
            where = (
                f"MUSTER_HOME ({settings.home})" if settings.database.url is None else "MUSTER_DATABASE__URL"
            )
            reason = f"The service at {target.url} does not stand on the database of {where}"
            raise refuse(f"{reason}; set the environment it runs with, or give --key.") from None
    return target


def _own_address(settings: Settings) -> str:
    return address(settings, settings.port)


async def _answers(target: Target) -> None:
    """Refuse an address that is none, and one where nothing answers."""
    try:
        async with MusterClient(target.url, target.key, retries=0, timeout=10) as client:
            await client.request("GET", "/livez")
    except ValueError as error:
        raise refuse(f"{error}.", 2) from None
    except MusterError as error:
        found = "start it, set MUSTER_PORT to its port, or give --url"
        raise refuse(f"The service does not answer: {error}; {found}.") from None


async def _plan_of_examples(target: Target, seconds: float, users: int) -> Plan:
    async with (
        MusterClient(target.url, target.key) as client,
        Sender(target.url, target.key, timeout=30) as sender,
    ):
        document: Any = (await client.request("GET", "/openapi.json")).json()

        async def fetch(request: RequestPlan) -> tuple[int, bytes]:
            return await sender.fetch(Mix(_closed([request], 1, 1)).next())

        search = Search(fetch)
        requests = await search.answered(document)
    for name, reason in search.left_out.items():
        say(f"left out: {name}: {reason}")
    say(f"{len(requests)} of {len(requests) + len(search.left_out)} GET operations are asked")
    if not requests:
        raise refuse("No operation was answered; give --key with the rights to ask.")
    return _closed(requests, seconds, users)


def _closed(requests: list[RequestPlan], seconds: float, users: int) -> Plan:
    return Plan(
        name="every GET operation",
        model="closed",
        warm_up=min(2.0, seconds / 5),
        stage=[Stage(seconds=seconds, users=users)],
        request=requests,
        bounds=Bounds(samples=20),  # some dozens of requests share the time
    )


async def _measured(plan: Plan, target: Target) -> tuple[Result, int | None]:
    """The result, and the signal that cut it short if there was one."""
    stop = asyncio.Event()
    started_at = datetime.now(UTC)
    async with Sender(target.url, target.key, timeout=plan.timeout) as sender:
        load = Run(plan, sender)
        with handled_by(stop.set) as stopping, shown_progress(plan.name) as tell:
            telling = asyncio.create_task(_keep_telling(load, tell))
            try:
                await load.carry_out(stop)
            finally:
                telling.cancel()
    result = result_of(
        plan,
        load.measured,
        load.generator(),
        url=target.url,
        started_at=started_at,
        seconds=load.seconds,
        interrupted=stop.is_set(),
    )
    return result, stopping.number


async def _keep_telling(load: Run, tell: Tell) -> None:
    while True:
        seconds, whole = load.seconds, load.plan.seconds
        tell(
            {
                "message": "warm-up" if seconds < load.plan.warm_up else "measuring",
                "done": load.started,
                "total": None,
                "unit": "requests",
                "rate_per_second": load.started / max(seconds, 1e-9),
                "seconds_left": max(0, round(whole - seconds)),
            }
        )
        await asyncio.sleep(TELL_EVERY)
