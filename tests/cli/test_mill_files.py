"""muster simulate mill: the files a person asked for, or a sentence."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.mill.rules.weeks import day_in
from tests.cli.conftest import Command


def test_the_files_of_two_days_stand_in_two_folders(muster: Command, tmp_path: Path) -> None:
    said = muster("simulate", "mill", str(tmp_path / "mill"), "--as-of", "2025-09-03", "--days", "2")
    assert (said.code, said.out) == (0, "")
    assert said.err.count("60 yarns, 36 recipes") == 2
    first, second = sorted((tmp_path / "mill").iterdir())
    assert [first.name, second.name] == ["2025-09-03", "2025-09-04"]
    assert {"bom.csv", "bom.xlsx", "yarn_demand.csv"} < {path.name for path in first.iterdir()}
    assert (first / "bom.csv").read_bytes() != (second / "bom.csv").read_bytes()
    changes = json.loads((second / "changes.json").read_text(encoding="utf-8"))
    assert [one["what"] for one in changes].count("new order") == 1


def test_without_a_day_the_last_is_today_at_the_mill(muster: Command, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    # Where it is another day than in UTC, whatever the hour.
    zone = "Pacific/Kiritimati" if now.hour >= 12 else "Pacific/Pago_Pago"
    said = muster("simulate", "mill", str(tmp_path / "mill"), "--days", "2", MUSTER_MILL__TIME_ZONE=zone)
    assert said.code == 0, said.err
    today = day_in(zone, now)
    assert sorted(path.name for path in (tmp_path / "mill").iterdir()) == [
        str(today - timedelta(days=1)), str(today),
    ]  # fmt: skip


def test_files_with_errors_come_with_their_list(muster: Command, tmp_path: Path) -> None:
    words = ("--size", "tiny", "--seed", "3", "--as-of", "2025-09-03", "--dirty")
    said = muster("simulate", "mill", str(tmp_path), *words)
    listed = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (said.code, listed["seed"], listed["as_of"]) == (0, 3, "2025-09-03")
    assert f"{len(listed['broken'])} errors" in said.err


def test_what_cannot_be_written_is_told_in_a_sentence(muster: Command, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    said = muster("simulate", "mill", str(tmp_path / "taken"))
    assert (said.code, said.err.count("\n")) == (1, 1)
    assert "taken" in said.err
    assert muster("simulate", "mill", str(tmp_path), "--size", "XL").code == 2
    assert muster("simulate", "mill", str(tmp_path), "--days", "0").code == 2
