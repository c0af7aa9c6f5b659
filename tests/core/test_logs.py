"""Levels per logger, timed work, and the ids that lines carry."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from service.core.settings import LogSettings
from service.core.telemetry import LEVELS, OPERATIONS, correlation_id, get_logger, request_id, work_id
from service.core.telemetry.levels import MOST_RULES, Levels, Rule
from tests.core.whole import Whole

log = get_logger("tests.logs.trial")


@pytest.fixture
def shown() -> Iterator[None]:
    """Lines of this file's logger are written; nobody else's."""
    LEVELS.change("tests.logs", "DEBUG")
    yield
    LEVELS.change("tests.logs", None)


@pytest.fixture
def levels() -> Iterator[Levels]:
    made = Levels()
    made.configure(LogSettings(level="WARNING", levels={"a.b": "DEBUG", "a": "ERROR"}))
    yield made
    made.configure(LogSettings())


def test_the_longest_rule_that_a_name_begins_with_wins(levels: Levels) -> None:
    for name, level in {
        "a": "ERROR",
        "a.c": "ERROR",
        "a.b": "DEBUG",
        "a.b.c.d": "DEBUG",
        "a.bc": "ERROR",
        "ab": "WARNING",
        "": "WARNING",
    }.items():
        assert levels.level_of(name) == level, name
        assert levels.shows(name, logging.getLevelNamesMapping()[level])
        assert not levels.shows(name, logging.getLevelNamesMapping()[level] - 1)


def test_a_level_is_changed_and_given_back_and_those_who_keep_it_are_told(levels: Levels) -> None:
    told: list[str] = []
    levels.on_change(lambda: told.append(levels.level_of("a.b.c")))
    levels.change("a.b.c", "CRITICAL")
    levels.change("root", "INFO")
    assert (levels.level_of("a.b.c"), levels.level_of("z")) == ("CRITICAL", "INFO")
    assert levels.rules() == [
        Rule("root", "WARNING", "INFO"),
        Rule("a", "ERROR", None),
        Rule("a.b", "DEBUG", None),
        Rule("a.b.c", None, "CRITICAL"),
    ]
    levels.change("a.b.c", None)
    levels.change("root", None)
    assert (levels.level_of("a.b.c"), levels.level_of("z")) == ("DEBUG", "WARNING")
    assert told == ["CRITICAL", "CRITICAL", "DEBUG", "DEBUG"]


def test_rules_are_bounded_and_so_is_what_is_remembered(levels: Levels) -> None:
    for number in range(MOST_RULES):
        levels.change(f"many.x{number}", "DEBUG")
    with pytest.raises(ValueError, match=str(MOST_RULES)):
        levels.change("one.more", "DEBUG")
    for number in range(3_000):
        assert not levels.shows(f"nobody{number}", logging.INFO)
    assert len(levels._resolved) <= 2_000
    for number in range(MOST_RULES):
        levels.change(f"many.x{number}", None)


def test_libraries_are_heard_from_the_level_their_rule_says(levels: Levels) -> None:
    library = logging.getLogger("a.b")
    assert library.isEnabledFor(logging.DEBUG)
    levels.change("a.b", "ERROR")
    assert not library.isEnabledFor(logging.WARNING)


@pytest.mark.usefixtures("shown")
def test_timed_work_tells_its_beginning_its_end_and_what_it_learnt() -> None:
    OPERATIONS.clear()
    with capture_logs() as lines, log.timed("recompute", rows=3) as fields:
        fields["days"] = 7
    begun, ended = lines
    assert begun == {
        "event": "recompute", "outcome": "started", "rows": 3, "log_level": "debug",
        "module": "tests.logs.trial",
    }  # fmt: skip
    assert ended.pop("ms") >= 0
    assert ended == {
        "event": "recompute", "outcome": "ok", "rows": 3, "days": 7, "log_level": "info",
        "module": "tests.logs.trial",
    }  # fmt: skip
    with capture_logs() as lines, pytest.raises(ZeroDivisionError), log.timed("recompute"):
        raise ZeroDivisionError
    assert (lines[-1]["outcome"], lines[-1]["error"], lines[-1]["log_level"]) == (
        "failed",
        "ZeroDivisionError",
        "warning",
    )
    (found,) = OPERATIONS.snapshot()
    assert (found["name"], found["count"], found["errors"]) == ("recompute", 2, 1)


@pytest.mark.usefixtures("shown")
async def test_work_that_is_called_off_did_not_fail() -> None:
    OPERATIONS.clear()

    async def work() -> None:
        with log.timed("waiting"):
            await asyncio.Event().wait()

    with capture_logs() as lines:
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert lines[-1]["outcome"] == "cancelled"
    assert [entry["errors"] for entry in OPERATIONS.snapshot()] == [0]


@pytest.mark.usefixtures("shown")
def test_what_is_below_the_level_is_not_written_and_bound_fields_are() -> None:
    LEVELS.change("tests.logs.trial", "ERROR")
    with capture_logs() as lines:
        log.warning("quiet")
        log.bind(site="Villas").error("loud", n=1)
        try:
            raise RuntimeError
        except RuntimeError:
            log.exception("with its reason")
        log.log(45, "between two levels")
    LEVELS.change("tests.logs.trial", None)
    assert [line["event"] for line in lines] == ["loud", "with its reason", "between two levels"]
    assert (lines[0]["site"], lines[0]["n"], lines[1]["exc_info"]) == ("Villas", 1, True)


def test_a_run_carries_its_own_id_and_that_of_who_asked_for_it() -> None:
    with work_id("run-7", "request-1"):
        assert (request_id(), correlation_id()) == ("run-7", "request-1")
        with work_id("run-8"):
            assert (request_id(), correlation_id()) == ("run-8", "run-8")
    assert correlation_id() is None


async def test_a_correlation_id_comes_back_and_one_that_is_none_does_not(house: Whole) -> None:
    async with house.client() as client:
        mine = await client.get("/livez", headers={"X-Correlation-Id": "month-end.7", "X-Request-Id": "r1"})
        odd = await client.get("/livez", headers={"X-Correlation-Id": "a b"})
    assert (mine.headers["x-correlation-id"], mine.headers["x-request-id"]) == ("month-end.7", "r1")
    assert "x-correlation-id" not in odd.headers


@pytest.mark.parametrize("configured", ["readable", "json", "not yet"])
def test_no_local_variable_of_an_error_reaches_a_log(configured: str) -> None:
    """In a process of its own, as structlog is set up once; a child's name stands in the frames of an error."""
    code = f"""
from service.core.settings import LogSettings
from service.core.telemetry import configure_logs, get_logger
from tests.core.stumbling import stumble
if {configured!r} != "not yet":
    configure_logs(LogSettings(format={configured!r}))
try:
    stumble("Zephyr" + "ine")
except RuntimeError as error:
    get_logger("service.trial").error("a request failed", exc_info=error)
    get_logger("service.trial").exception("a request failed again")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    written = done.stdout + done.stderr
    assert written.count("2 things went wrong") == 2, written
    assert written.count("in stumble") == 2
    assert "Zephyrine" not in written
    assert len(written) < 4000
