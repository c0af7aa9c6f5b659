"""The watched folder: files that lie still are read strictly, and lie in `done` or `refused` with a report."""

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from service.cli.surroundings import folder_findings
from tests.support.house import House, open_house

STOCK = "Desc#,Theoretical Balance,Consumed,Allocated,On Order\n90001,100,0,0,0\n"
ORDERS = "Style #,Order #,Qty Ordered (lbs),Quoted Date\nGK1001/1,KO-1,500,2025-09-11\n"


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    (tmp_path / "inbox").mkdir()
    async with open_house(database_url, home=tmp_path / "home", mill={"inbox": tmp_path / "inbox"}) as opened:
        yield opened


def lying(folder: Path, name: str, content: str | bytes, seconds: float = 60) -> None:
    """A file that somebody wrote so many seconds ago."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (time.time() - seconds,) * 2)


async def looked(house: House) -> Any:
    run = await house.runtime.tasks.run_now("mill.inbox", {}, "test")
    assert run.state == "done", run.error
    return run.result


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


async def test_files_are_read_in_their_order_and_put_away_with_their_report(
    house: House, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    lying(inbox, "today.csv", STOCK)  # by its columns
    lying(inbox, "a_knit_orders.csv", ORDERS)  # strict: nobody knows its style
    lying(inbox, "b_notes.csv", "these,are,notes\n1,2,3\n")
    lying(inbox, "growing.csv", STOCK, seconds=0)
    lying(inbox, "broken.xlsx", b"PK\x03\x04 no workbook")
    lying(inbox, "readme.md", "nothing of ours")
    assert (await looked(house))["files"] == ["b_notes.csv", "broken.xlsx", "today.csv", "a_knit_orders.csv"]
    assert names(inbox) == ["growing.csv", "readme.md"]
    assert names(inbox / "done") == ["today.csv", "today.csv.report.json"]
    refused = inbox / "refused"
    assert [name for name in names(refused) if name.endswith(".csv")] == ["a_knit_orders.csv", "b_notes.csv"]
    report = orjson.loads((refused / "a_knit_orders.csv.report.json").read_bytes())
    assert (report["status"], [one["code"] for one in report["errors"]]) == ("refused", ["STYLE_UNKNOWN"])
    assert "its columns" in orjson.loads((refused / "b_notes.csv.report.json").read_bytes())["problem"]
    assert "workbook" in orjson.loads((refused / "broken.xlsx.report.json").read_bytes())["problem"]
    assert await house.sql("SELECT yarn_code FROM mill.yarns") == [("90001",)]
    # The same file again was read already, and two of a name lie beside each other.
    lying(inbox, "today.csv", STOCK)
    await looked(house)
    assert [one for one in names(inbox / "done") if one.endswith(".csv")] == ["today-2.csv", "today.csv"]
    lying(inbox, "empty.csv", "")
    assert await looked(house) is None
    lying(inbox, "empty.csv", "", seconds=3_600)
    assert (await looked(house))["files"] == ["empty.csv"]
    assert "no rows" in orjson.loads((refused / "empty.csv.report.json").read_bytes())["problem"]


async def test_doctor_looks_at_the_folder(house: House, tmp_path: Path) -> None:
    well = folder_findings(house.runtime.settings)[-1]
    assert (well.well, well.sentence.startswith("MUSTER_MILL__INBOX=")) == (True, True)
    (tmp_path / "inbox").rmdir()
    assert not folder_findings(house.runtime.settings)[-1].well
