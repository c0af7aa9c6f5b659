"""`muster doctor` and what is around the service: folders, the mail server, the clock of the database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.cli import database_findings
from service.cli.surroundings import folder_findings, mail_finding
from service.core.database import Database
from service.core.settings import Settings
from tests.attendance.subscribed import postbox
from tests.cli.conftest import Command


def delivering(**values: Any) -> Settings:
    return Settings.model_validate({"delivery": values})


def test_folders_that_can_be_written_to_and_others(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    settings = delivering(folder=tmp_path / "absent")
    home, folder = folder_findings(settings.model_copy(update={"home": tmp_path / "to" / "be" / "made"}))
    assert (home.well, folder.well) == (True, False)
    assert "make it" in folder.sentence
    [below_a_file] = folder_findings(Settings(home=file / "home"))
    assert not below_a_file.well
    assert not (tmp_path / "to").exists()
    assert list(tmp_path.iterdir()) == [file]


async def test_a_mail_server_is_asked_and_sent_nothing() -> None:
    async with postbox() as box:
        there = await mail_finding(delivering(smtp_url=box.url))
        # This server speaks no TLS, and a password is sent over TLS only.
        closed = await mail_finding(delivering(smtp_url=box.url.replace("//", "//us:pass-word@")))
    away = await mail_finding(delivering(smtp_url=box.url))
    none = await mail_finding(Settings())
    assert [finding.well for finding in (there, closed, away, none)] == [True, False, False, True]
    assert box.mails == []
    assert "MUSTER_DELIVERY__SMTP_URL" in closed.sentence
    assert "pass-word" not in closed.sentence + away.sentence


@pytest.mark.parametrize(("ahead", "word"), [(0, None), (90, "behind"), (-90, "ahead of")])
async def test_a_clock_that_is_apart_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, ahead: int, word: str | None
) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(UTC) + timedelta(seconds=ahead)

    monkeypatch.setattr(database_findings, "datetime", Clock)
    async with database.read() as conn:
        finding = await database_findings._clock(conn)
    assert finding.well is (word is None)
    assert word is None or f"90 s {word}" in finding.sentence


def test_the_doctor_tells_all_of_it(muster: Command, tmp_path: Path) -> None:
    said = muster("doctor", MUSTER_DELIVERY__FOLDER=str(tmp_path / "absent"))
    assert said.code == 1
    lines = said.out.splitlines()
    assert [line for line in lines if ": WRONG: " in line] == [
        f"folder: WRONG: MUSTER_DELIVERY__FOLDER={tmp_path / 'absent'} is no folder; make it, or name another one"
    ]
    for part in ("folder: well: MUSTER_HOME=", "database: well: its clock is", "mail: well: none is set"):
        assert any(line.startswith(part) for line in lines), part
