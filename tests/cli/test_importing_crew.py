"""`muster import crew`: a station of files alone, what came of its days, the exit code."""

from pathlib import Path

from tests.cli.conftest import Command

REPORT = """Availability
Name,Date,08:00,08:15
"ALDER, JO",Thu 05/03/26,,W
"BIRCH, KE",Thu 05/03/26,,
"""


def test_reports_and_details_of_a_station_that_only_files_know(muster: Command, tmp_path: Path) -> None:
    report, details = tmp_path / "report.csv", tmp_path / "details.txt"
    report.write_text(REPORT)
    details.write_text("ALDER, JO|Jo Alder|0100\nBIRCH, KE|Ke Birch|0200\nELDER, SA|Sa Elder|0300\n")
    of_station = ("import", "crew", "--station", "P22")
    unknown = muster(*of_station, str(report))
    assert (unknown.code, "say its zone" in " ".join(unknown.err.split())) == (1, True)
    first = muster(
        *of_station, str(report), str(details), "--zone", "Europe/London", "--as-of", "2026-03-05T09:00:00Z"
    )
    assert first.code == 0, first.err
    assert "report.csv: days 1 applied; 0 of 2 rows rejected" in first.out
    assert "details.txt: people 2 changed, 0 unchanged, 1 unknown; 0 of 3 rows rejected" in first.out
    assert "unknown_person" in first.err
    report.write_text(REPORT.replace("Thu 05/03/26,,W", "Fri 05/03/26,,W"))
    bad = muster(*of_station, str(report), "--dry-run")
    assert (bad.code, "nothing stored; 1 of 2 rows rejected" in bad.out) == (1, True)
