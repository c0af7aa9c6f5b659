"""What every test may ask for: a database of its own, or a connection whose writes roll back."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import AsyncExitStack

import hypothesis
import pytest
import structlog
from sqlalchemy import NullPool, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from service.core.database import Database
from service.core.telemetry.statements import REPEATS
from tests.support.compiled import COMPILED
from tests.support.ground import SHARED, Ground, throwaway_ground
from tests.support.told import betraying

LONG = {
    "cli/test_processes.py",
    "cli/test_workers.py",
    "test_benchmarks.py",
    "test_contract.py",
    "test_q60_logs.py",
    "test_whole_service.py",
}

# How long an example takes depends on the machine's hour; pytest's own limit ends what hangs. Examples are
# others in each run: where no number stands, a run has some and `make prove` what Hypothesis thinks good.
EXAMPLES = 100 if os.environ.get("MUSTER_PROVE") == "1" else 40
hypothesis.settings.register_profile("house", deadline=None, max_examples=EXAMPLES)
hypothesis.settings.load_profile("house")


# Without this a traceback is drawn with every local variable, and each of those takes minutes to spell out.
_plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _plain])

# A million objects live as long as the process: with the usual thresholds looking through them is 6 % of a run.
gc.set_threshold(20_000, 20, 10)


@event.listens_for(Engine, "engine_connect")
def _compile_once(connection: Connection) -> None:
    """A statement is compiled once for the engines of all tests."""
    connection.engine._compiled_cache = COMPILED


class SharedGround:
    """With pytest-xdist the controller owns the cluster and its workers inherit the address."""

    def __init__(self) -> None:
        """Nothing is started before the first worker is."""
        self._stack = AsyncExitStack()
        self._loop = asyncio.Runner()

    def start(self) -> None:
        """Start it and tell the processes to come."""
        ground = self._loop.run(self._stack.enter_async_context(throwaway_ground()))
        os.environ[SHARED] = ground.url

    def stop(self) -> None:
        """Stop it when the last worker is gone."""
        os.environ.pop(SHARED, None)
        self._loop.run(self._stack.aclose())
        self._loop.close()


def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means: a fifth of the time a test waits, for a timer, a process or the database."""
    return (os.cpu_count() or 1) + 1


def pytest_configure(config: pytest.Config) -> None:
    """One cluster per run, also when several processes share the tests (`-n`)."""
    spread = getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput")
    if spread:
        shared = SharedGround()
        shared.start()
        config.add_cleanup(shared.stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with tests of ten seconds and more come first: else one process has them left when others are done."""
    items.sort(key=lambda item: item.nodeid.partition("::")[0].removeprefix("tests/") not in LONG)


def pytest_collection_finish() -> None:
    """Applications share their documents; a run of pure rules does not import the application for that.

    What was imported and collected lives as long as the process: nobody need look through it again.
    """
    gc.freeze()
    if "service.app" in sys.modules:
        from tests.support.documents import document_once

        sys.modules["service.app"].openapi_document = document_once  # type: ignore[attr-defined]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """No request of any test may send one statement again and again (N+1)."""
    REPEATS.clear()
    outcome = yield
    if REPEATS:
        pytest.fail("\n".join(f"{one.route} sent {one.times} times: {one.text}" for one in REPEATS))
    return outcome


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """No log line of any test may tell of a child, its people or a credential (T110, Q60)."""
    report = yield
    if report.when == "call" and report.passed and (told := list(betraying(report.sections))):
        report.outcome = "failed"
        report.longrepr = "log lines told what they must not:\n" + "\n".join(told)
    return report


@pytest.fixture(scope="session")
async def ground() -> AsyncIterator[Ground]:
    """The throwaway cluster of this run."""
    if address := os.environ.get(SHARED):
        yield Ground(address)
        return
    async with throwaway_ground() as made:
        yield made


@pytest.fixture
async def database_url(ground: Ground) -> AsyncIterator[str]:
    """A migrated database of this test's own: for what commits, notifies or needs two processes."""
    url = await ground.clone()
    yield url
    await ground.drop(url)


@pytest.fixture
async def empty_database_url(ground: Ground) -> AsyncIterator[str]:
    """A database without any table: for migrations."""
    url = await ground.clone("template0")
    yield url
    await ground.drop(url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The opened pool of the service over a database of this test's own."""
    opened = Database(database_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
async def query_engine(ground: Ground) -> AsyncIterator[AsyncEngine]:
    """An engine over one migrated database that query tests share, because none of them commits."""
    url = await ground.clone()
    engine = create_async_engine(url, poolclass=NullPool)
    yield engine
    await engine.dispose()
    await ground.drop(url)


@pytest.fixture
async def connection(query_engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection inside a transaction that is rolled back after the test: for query tests."""
    async with query_engine.connect() as opened:
        transaction = await opened.begin()
        yield opened
        await transaction.rollback()
