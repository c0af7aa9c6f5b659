"""`muster import attendance`: the order of files, the table of findings, the exit code."""

from pathlib import Path

import pytest

from tests.cli.conftest import Command

PEOPLE = "empleado;nombre;turno\nE1;Ana Muñoz;Día\nE2;José;Día\n"
SHIFTS = "turno;entrada;salida\nDía;08:00;17:00\n"
PUNCHES = "empleado;fecha;entrada;salida\nE1;06/10/2025;08:00;17:00\nE2;13/10/2025;08:20;17:00\n"
ZONE = ("--zone", "America/Mexico_City")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Files in a folder, by name."""
    made = {
        "people": PEOPLE,
        "shifts": SHIFTS,
        "punches": PUNCHES,
        "bad": PUNCHES + "E1;hoy;08:00;\n",
        "other": "a;b\n1;2\n",
    }
    for name, content in made.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="cp1252")
    return {name: str(tmp_path / f"{name}.csv") for name in made}


def test_files_are_taken_in_the_order_they_need(muster: Command, files: dict[str, str]) -> None:
    words = ("import", "attendance", files["punches"], files["people"], files["shifts"], *ZONE)
    said = muster(*words, "--complete-through", "2025-10-31")
    assert said.code == 0, said.err
    assert [line.partition(":")[0] for line in said.out.splitlines()] == [
        "shifts.csv",
        "people.csv",
        "punches.csv",
    ]
    assert "4 punches added" in said.out
    again = muster("import", "attendance", files["punches"])
    assert (again.code, "0 punches added, 0 changed, 4 unchanged" in again.out) == (0, True)
    sheet = muster("report", "attendance", "monthly-sheet", "--month", "2025-10", "--format", "csv")
    assert "Ana Muñoz" in sheet.out


def test_rejected_rows_are_shown_and_end_in_exit_code_1(muster: Command, files: dict[str, str]) -> None:
    said = muster("import", "attendance", files["bad"], *ZONE)
    assert said.code == 1
    assert "1 of 3 rows rejected: refused, nothing stored" in said.out
    assert "bad_date" in said.err
    assert "'hoy' is not a date" in " ".join(said.err.split())
    findings = next(word for word in said.err.split() if word.endswith(".findings.csv"))
    assert "4,fecha,bad_date,rejected" in Path(findings).read_text()
    lenient = muster(
        "import", "attendance", files["bad"], "--lenient", "--complete-through", "2025-10-31", *ZONE
    )
    assert (lenient.code, "4 punches added" in lenient.out) == (1, True)
    # What is said of the file as a whole stands before its rows.
    assert 0 < lenient.err.find("not_complete") < lenient.err.find("bad_date")


def test_a_dry_run_says_so(muster: Command, files: dict[str, str]) -> None:
    together = (files["punches"], files["people"], files["shifts"])
    said = muster("import", "attendance", *together, "--dry-run", *ZONE)
    # People name a shift and punches people that only the files beside them bring.
    assert (said.code, "4 punches would be added" in said.out) == (0, True), said.err
    assert "2 people would be added" in said.out
    assert "unknown_" not in said.err
    uploaded = Path(muster.environment["MUSTER_HOME"]) / "imports"
    assert not [path for path in uploaded.iterdir() if not path.name.endswith(".findings.csv")]
    alone = muster("import", "attendance", files["people"], "--dry-run", *ZONE)
    assert (alone.code, "would be refused" in alone.out) == (1, True)
    assert "4 punches added" in muster("import", "attendance", *together, *ZONE).out


def test_a_file_that_cannot_be_used_stops_all_before_the_first(
    muster: Command, files: dict[str, str]
) -> None:
    said = muster("import", "attendance", files["people"], files["other"], *ZONE)
    assert (said.code, said.out) == (1, "")
    assert "other.csv: these columns are no punches" in said.err
    assert "people.csv" not in said.err


def test_the_zone_is_asked_for_in_one_sentence(muster: Command, files: dict[str, str]) -> None:
    said = muster("import", "attendance", files["punches"])
    assert said.code == 1
    assert "punches.csv: say which clock the file shows" in said.err
