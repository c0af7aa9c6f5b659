"""`muster report` from the declaration: options, files, exit codes, words for bad values."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner

from service.core.errors import Invalid, NotAllowed
from service.reporting.commandline import parsed, report_command, report_options, write_report
from service.reporting.completeness import reasons_of
from service.reporting.snapshots import Platform
from tests.reporting.conftest import CALLERS, House
from tests.reporting.stall import SHEET, STALL, TAKINGS


@asynccontextmanager
async def nothing_opens() -> AsyncIterator[Platform]:
    """For commands that must be refused before anything is opened."""
    raise AssertionError("opened")
    yield


def command_line() -> typer.Typer:
    """The stall's commands."""
    app = typer.Typer()
    for report in STALL.reports:
        app.command(report.name)(report_command(STALL, report, nothing_opens, asyncio.run))
    return app


def test_options_follow_from_the_declaration() -> None:
    names = [option.name for option in report_options(TAKINGS)]
    assert names[:5] == ["from_", "to", "site", "items", "since"]
    result = CliRunner().invoke(command_line(), ["takings", "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 0, result.output
    for word in ("--from", "--items", "--format", "csv", "First day.", "What was sold"):
        assert word in result.output


def test_unknown_options_and_formats_are_refused() -> None:
    for arguments in (["takings", "--colour", "red"], ["takings", "--format", "pdf"]):
        assert CliRunner().invoke(command_line(), arguments).exit_code == 2


async def test_a_complete_report_is_written_and_0(quiet_house: House, tmp_path: Path) -> None:
    target = tmp_path / "takings.csv"
    given = {"from_": "2026-10-01", "to": "2026-10-02", "format": "csv", "output": target, "items": ["corn"]}
    assert await write_report(quiet_house.runtime, STALL, TAKINGS, given) == 0
    assert target.read_bytes().splitlines()[1].startswith(b"corn,2026-10-01,7,-12.50")
    assert os.listdir(tmp_path) == [target.name]  # noqa: PTH208  no half-written file stays beside it


async def test_an_incomplete_one_is_written_and_3(
    quiet_house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "sheet.json"
    given = {"month": "2026-10", "format": "json", "output": target}
    assert await write_report(quiet_house.runtime, STALL, SHEET, given) == 3
    meta = orjson.loads(target.read_bytes())["meta"]
    assert meta["complete"] is False
    first, *reasons = capsys.readouterr().err.splitlines()
    assert first == f"{target}: NOT COMPLETE"
    assert reasons == [f"  {reason}" for reason in reasons_of(meta)] != []


async def test_a_file_that_cannot_be_written_is_one_sentence(quiet_house: House, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for target in (tmp_path / "no" / "such" / "takings.csv", folder):
        given = {"format": "csv", "output": target}
        with pytest.raises(Invalid, match=f"^{target} cannot be written: ") as refused:
            await write_report(quiet_house.runtime, STALL, TAKINGS, given)
        assert refused.value.errors[0].pointer == "/--output"
    assert os.listdir(tmp_path) == ["folder"]  # noqa: PTH208  nothing half-written either


async def test_without_a_file_it_goes_to_standard_output(
    house: House, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    await write_report(house.runtime, STALL, TAKINGS, {"format": "csv"})
    assert capfdbinary.readouterr().out.count(b"\r\n") == 5


def test_bad_values_name_the_option() -> None:
    with pytest.raises(Invalid) as caught:
        parsed(TAKINGS, {"from_": "October"})
    assert caught.value.errors[0].pointer == "/--from"


async def test_a_caller_without_the_scope_is_refused(quiet_house: House) -> None:
    with pytest.raises(NotAllowed):
        await write_report(quiet_house.runtime, STALL, TAKINGS, {}, CALLERS["other"])
