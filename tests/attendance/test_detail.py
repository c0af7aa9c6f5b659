"""The detail: its rows, the predecessor's column names and labels, and its workbook with colours and totals."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import httpx
import pytest

from service.attendance.reports import statistics
from service.attendance.reports.detail import DETAIL as DETAIL_REPORT
from service.attendance.reports.detail_workbook import observations
from service.attendance.reports.executive_sheet import executive_sheet
from service.attendance.reports.original_words import incident_word, status_word
from service.attendance.reports.people_table import signed
from service.attendance.reports.statistics_sheet import PLACES
from service.attendance.reports.statistics_words import LIMITS, formula_of, key_measures, said
from service.attendance.rules.codes import Incident, Status
from service.attendance.rules.judged import SHEET_CODE
from service.attendance.rules.period.cards import CARDS
from service.attendance.rules.period.variants import KEY_FIGURES, VARIANTS, Variant
from service.reporting.columns import Column
from service.reporting.formats.workbook import Book
from service.reporting.formats.xlsx_file import workbook as workbook_of
from service.reporting.labels import labels
from service.reporting.report import Style, View
from tests.attendance.house import House
from tests.attendance.make import Firm
from tests.support.workbooks import Opened

DETAIL = "/reports/detail"
ASK = {"from": "2026-09-07", "to": "2026-09-13", "site": "Villas"}
ANA, BEN = "HR-EMP-00001", "HR-EMP-00002"
HOUR = 3600


async def fill(made: Firm) -> None:
    """Ana's week: late, forgiven, severely late, leave, entry missing, weekend; Ben whole with twelve punches."""

    async def day(person: str, number: int, status: str, *times: str, **values: Any) -> None:
        on = date(2026, 9, number)
        ids = [await made.punch(person, f"{on} {time}", "villas-gate-1") for time in times]
        code = SHEET_CODE[Status[status]]
        known = {
            "status": status,
            "base_status": status,
            "code": code,
            "punch_count": len(ids),
            "punches": ids,
        }
        worked = {"worked_seconds": 9 * HOUR, "gross_seconds": 9 * HOUR} if len(ids) > 1 else {}
        expected = {"expected_seconds": 9 * HOUR, "expected_net_seconds": 9 * HOUR}
        await made.day(person, on, **{**known, **worked, **expected, **values})

    await day(
        ANA, 7, "LATE", "08:30:00", "17:30:00", late_minutes=30, late_counted=True, early=True
    )  # fmt: skip
    await day(
        ANA,
        8,
        "LATE_FORGIVEN",
        "08:20:00",
        "17:30:00",
        base_status="LATE",
        late_minutes=20,
        late_forgiven=True,
    )
    await day(ANA, 9, "SEVERE_LATE", "09:30:00", "18:30:00", late_minutes=90, code="A")
    leave = {"leave_type_id": made.ids["Casual Leave"], "leave_hundredths": 100, "expected_net_seconds": 0}
    await day(ANA, 10, "ON_LEAVE", base_status="ABSENT", code="L", deducted_seconds=9 * HOUR, **leave)
    await day(ANA, 11, "MISSING_IN", "17:00:00", incidents=int(Incident.MISSING_IN))
    none: dict[str, Any] = {
        "shift_type_id": None,
        "shift_start": None,
        "shift_end": None,
        "expected_seconds": 0,
        "expected_net_seconds": 0,
        "code": "WO",
    }
    await day(ANA, 12, "REST", **none)
    await day(ANA, 13, "PRESENT", "08:00:00", "17:00:00")
    await day(BEN, 7, "PRESENT", *[f"{hour:02}:00:00" for hour in range(7, 19)], break_seconds=HOUR)
    await made.known_through(datetime(2026, 9, 20, tzinfo=UTC))


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.writing() as made:
        await fill(made)
    async with house.reader() as opened:
        yield opened


async def rows(http: httpx.AsyncClient, **params: Any) -> list[dict[str, str]]:
    answer = await http.get(DETAIL, params={**ASK, "format": "csv", **params})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def workbook(http: httpx.AsyncClient, **params: Any) -> Opened:
    answer = await http.get(DETAIL, params={**ASK, "format": "xlsx", "locale": "es", **params})
    assert answer.status_code == 200, answer.text
    return Opened(answer.content)


async def test_a_row_for_each_person_and_day(http: httpx.AsyncClient) -> None:
    answer = (await http.get(DETAIL, params=ASK)).json()
    found = {(row["person"], row["day"][-2:]): row for row in answer["items"]}
    assert list(found) == [(ANA, f"{day:02}") for day in range(7, 14)] + [(BEN, "07")]
    late, forgiven, leave = (found[ANA, day] for day in ("07", "08", "10"))
    assert (late["late_minutes"], late["early"], late["weekday"]) == (30, True, 1)
    assert (forgiven["late_minutes"], forgiven["base_late_minutes"], forgiven["base_status"]) == (
        0,
        20,
        "LATE",
    )
    assert (leave["adjusted_status"], leave["absence_justified"]) == ("ABSENT_JUSTIFIED", True)
    assert (leave["leave_type"], leave["half_day_leave"], leave["worked_seconds"]) == (
        "Casual Leave",
        False,
        None,
    )
    assert found[ANA, "12"]["expected_net_seconds"] is None
    assert found[ANA, "11"]["punches"] == ["2026-09-11T17:00:00"]
    assert len(found[BEN, "07"]["punches"]) == answer["summary"]["most_punches"] == 12
    assert (answer["summary"]["rows"], answer["summary"]["people"]) == (8, 2)
    assert answer["meta"]["complete"] is False  # Ben has no result for six of the days


async def test_the_csv_has_the_predecessors_columns(http: httpx.AsyncClient) -> None:
    found = await rows(http, locale="es")
    assert list(found[0]) == [
        "employee", "Nombre", "sucursal", "dia", "dia_semana", "turno", "hora_entrada_programada", "checado_1",
        "minutos_tarde", "tipo_retardo", "retardo_perdonado", "tipo_retardo_original", "minutos_tarde_original",
        "tipo_falta_ajustada", "tiene_permiso", "tipo_permiso", "es_permiso_medio_dia", "falta_justificada",
        "hora_salida_programada", "salida_anticipada", "horas_esperadas", "duration", "horas_trabajadas",
        "horas_descanso", *[f"checado_{number}" for number in range(2, 13)], "observaciones",
    ]  # fmt: skip
    assert [row["tipo_retardo"] for row in found[:7]] == [
        "Retardo", "A Tiempo (Cumplió Horas)", "Falta Injustificada", "Permiso", "Falta Entrada Nocturno",
        "Día no Laborable", "A Tiempo",
    ]  # fmt: skip
    late, leave, missing, ben = found[0], found[3], found[4], found[7]
    assert (late["dia"], late["dia_semana"], late["hora_entrada_programada"]) == (
        "2026-09-07",
        "Lunes",
        "08:00:00",
    )
    assert (late["checado_1"], late["horas_trabajadas"]) == ("08:30:00", "09:00:00")
    assert leave["tipo_falta_ajustada"] == "Falta Justificada"
    assert (missing["checado_1"], missing["checado_2"]) == ("", "17:00:00")
    assert [ben["checado_2"], ben["checado_10"], ben["checado_12"]] == ["08:00:00", "16:00:00", "18:00:00"]


async def test_english_readers_get_codes_and_titles(http: httpx.AsyncClient) -> None:
    first = (await rows(http, durations="hours"))[0]
    assert (first["Status"], first["Weekday"], first["Expected"]) == ("LATE", "Monday", "9")
    assert (first["Scheduled entry"], first["Punch 1"], first["Original late minutes"]) == (
        "08:00:00",
        "08:30:00",
        "30",
    )


async def test_the_workbook_has_its_sheets_and_totals(http: httpx.AsyncClient) -> None:
    book = await workbook(http)
    assert book.names == ["Resumen Ejecutivo", "Detalle Asistencia", "Estadísticas", "Acerca de"]
    header, *lines = book.values("Detalle Asistencia")
    assert header[:9] == [
        "ID Empleado", "Nombre del empleado", "Turno", "Fecha", "Día", "Horas esperadas", "Horas totales",
        "Horas Descanso", "Checada 1",
    ]  # fmt: skip
    assert (header[19], header[20]) == ("Checada 12", "OBSERVACIONES")
    first, total = lines[0], lines[7]
    assert first[:6] == [ANA, "Ana Ruiz", "Day", date(2026, 9, 7), "Lunes", timedelta(hours=9)]
    assert first[8].strftime("%H:%M:%S") == "08:30:00"
    assert total[:8] == [
        ANA, "Ana Ruiz", "Totales", "5 días", "", timedelta(hours=45), timedelta(hours=36), timedelta(0),
    ]  # fmt: skip
    assert lines[9][:4] == [BEN, "Ben Ortiz", "Totales", "1 días"]
    assert len(lines) == 10
    summary = book.values("Resumen Ejecutivo")
    assert summary[4] == [
        "employee", "Nombre", "total_horas_trabajadas", "total_horas_esperadas",
        "total_horas_descontadas_permiso", "total_horas_descanso", "total_horas", "total_retardos",
        "faltas_del_periodo", "faltas_justificadas", "total_faltas", "episodios_ausencia",
        "total_salidas_anticipadas", "diferencia_HHMMSS",
    ]  # fmt: skip
    assert summary[5][2:] == [
        timedelta(hours=36), timedelta(hours=54), timedelta(hours=9), timedelta(0), timedelta(hours=45),
        1, 1, 1, 1, 1, 1, "-09:00:00",
    ]  # fmt: skip


async def test_the_workbook_has_its_colours(http: httpx.AsyncClient) -> None:
    book = await workbook(http)
    assert book.fill(2, "A1") == "3498DB"
    dates = [book.fill(2, f"D{row}") for row in range(2, 9)]
    assert dates == [None, None, None, "92D050", None, "6600CC", "7030A0"]
    punches = [book.fill(2, f"I{row}") for row in range(2, 9)]
    assert punches == ["FFFF00", None, "FF0000", None, "70AD47", None, None]
    assert {book.fill(2, f"{column}9") for column in "ABCDEFGHIT"} == {"D3D3D3"}
    assert 'formatCode="dd/mm/yyyy"' in book.part("styles")
    assert book.notes(2)["F1"].startswith("Hours of the shift less those of leave")


async def test_the_workbook_observes_in_one_order(http: httpx.AsyncClient) -> None:
    said = [line[20] for line in (await workbook(http)).values("Detalle Asistencia")[1:8]]
    assert said == [
        "Retardo; Salida anticipada", "", "Falta Injustificada", "Permiso: Casual Leave",
        "Falta registro de entrada; Falta Entrada Nocturno", "", "",
    ]  # fmt: skip


async def test_the_statistics_have_a_legend_sums_and_a_chart(http: httpx.AsyncClient) -> None:
    book = await workbook(http)
    sheet = book.values("Estadísticas")
    assert sheet[1][:2] == ["", "Fecha: permiso"]
    assert [book.fill(3, f"A{row}") for row in range(2, 8)] == [
        "92D050", "6600CC", "7030A0", "FFFF00", "FF0000", "70AD47",
    ]  # fmt: skip
    assert sheet[8][:3] == ["ID Empleado", "Nombre del empleado", "Días programados"]
    assert sheet[9][:7] == [
        ANA, "Ana Ruiz", 6, 4, timedelta(hours=45), timedelta(hours=36), "-09:00:00",
    ]  # fmt: skip
    chart = book.part("charts/chart1")
    assert "<c:barChart>" in chart
    assert chart.count("<c:ser>") == 2


BAND_COLOURS = {
    "excellent": "92D050", "good": "C6E0B4", "regular": "FFFF00", "critical": "FF0000", "acceptable": "FFFF00",
    "high": "FF0000", "green": "92D050", "yellow": "FFFF00", "orange": "FFC000", "red": "FF0000",
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("locale", ["en", "es"])
async def test_the_statistics_are_the_summarys_key_figures(
    http: httpx.AsyncClient, variant: Variant, locale: str
) -> None:
    asked = {**ASK, "variant": variant}
    whole = (await http.get("/reports/summary", params=asked)).json()
    book = await workbook(http, variant=variant, locale=locale)
    sheet = book.values(2)
    for at, person in enumerate(whole["items"], start=9):
        found = dict(zip(PLACES, sheet[at], strict=True))
        assert (found["person"], found["absence_episodes"]) == (person["person"], person["absence_episodes"])
        for name in KEY_FIGURES:
            assert found[name] == float(person[name]), name
            band = person[f"{name}_band"]
            assert found[f"{name}_band"] == said(band, locale)
            cell = f"{chr(ord('A') + PLACES.index(f'{name}_band'))}{at + 1}"
            assert book.fill(3, cell) == BAND_COLOURS[band], cell
    assert [line[2].strip("±") for line in sheet[1:5]] == [
        " ".join(whole["summary"][name][part] for part in ("value", "unit")) for name in CARDS
    ]
    assert [book.fill(3, f"C{row}") for row in range(2, 6)] == [
        BAND_COLOURS[whole["summary"][name]["band"]] for name in CARDS
    ]
    formulas = [formula_of(measure, locale) for measure in key_measures(variant)]
    assert [line[16] for line in sheet[1:7]] == formulas
    assert book.notes(3)["N9"].startswith(formulas[0] + ". ≤ 25 ")
    assert 'formatCode="0.00"' in book.part("styles")


async def test_the_summarys_workbook_has_the_statistics_too(http: httpx.AsyncClient) -> None:
    answer = await http.get("/reports/summary", params={**ASK, "format": "xlsx", "locale": "es"})
    book = Opened(answer.content)
    assert book.names == ["Resumen Ejecutivo", "Estadísticas", "Acerca de"]
    assert book.values(0)[1][0] == "Periodo: 2026-09-07 a 2026-09-13"
    beside = (await workbook(http)).values("Estadísticas")
    assert [line[2:] for line in book.values(1)] == [line[2:] for line in beside]
    assert book.values(1)[8:] == beside[8:]  # the colours explained above are those of days
    page = (await http.get("/reports/summary", params={**ASK, "format": "html", "locale": "es"})).text
    assert ">excelente</td>" in page


async def test_figures_are_the_summarys_however_many_people_are_read_at_once(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "PEOPLE_AT_ONCE", 1)
    by_person = (await http.get(DETAIL, params=ASK)).json()["summary"]["by_person"]
    rows = {row["person"]: row for row in (await http.get("/reports/summary", params=ASK)).json()["items"]}
    assert list(by_person) == list(rows) == [ANA, BEN]
    for number, figures in by_person.items():
        assert figures == {name: rows[number][name] for name in figures}


def test_the_limits_that_are_written_are_those_that_hold() -> None:
    for measure in (one for variant in VARIANTS for one in key_measures(variant)):
        for limit, (_, word) in zip(LIMITS.get(measure.name, ()), measure.bands, strict=True):
            sign, at = limit[0], Fraction(limit[2:])
            inside = {"≤": 0, "≥": 0, "<": Fraction(-1, 1000), ">": Fraction(1, 1000)}[sign]
            outside = {"≤": Fraction(1, 1000), "≥": Fraction(-1, 1000), "<": 0, ">": 0}[sign]
            assert measure.band(at + inside) == word, (measure.name, limit)
            assert measure.band(at + outside) != word, (measure.name, limit)


def summed(book: Book) -> None:
    """A workbook with nothing but the executive summary, of two people."""
    columns = [
        Column(key="person", label="employee"),
        Column(key="worked_seconds", label="total_horas_trabajadas", kind="duration", note="Σ worked"),
        Column(key="difference_seconds", label="diferencia_HHMMSS", kind="duration"),
    ]
    rows = [
        {"person": ANA, "worked_seconds": 264_361, "difference_seconds": -27_239},
        {"person": BEN, "worked_seconds": 97_200, "difference_seconds": 3_675},
    ]
    executive_sheet(book, columns, rows)


async def test_the_executive_summary_is_the_predecessors(http: httpx.AsyncClient) -> None:
    answer = (await http.get(DETAIL, params=ASK)).json()
    view = View(desk="attendance", report=DETAIL_REPORT, answer=answer, columns=[], style=Style(locale="es"))
    book = Opened(b"".join(workbook_of(summed).write(view)))
    assert book.names == ["Resumen Ejecutivo", "Acerca de"]
    lines = book.values(0)
    assert [lines[0][0], lines[1][0]] == ["Resumen Ejecutivo", "Periodo: 2026-09-07 a 2026-09-13"]
    assert lines[4] == ["employee", "total_horas_trabajadas", "diferencia_HHMMSS"]
    assert lines[5] == [ANA, timedelta(hours=73, minutes=26, seconds=1), "-07:33:59"]
    assert lines[6] == [BEN, timedelta(hours=27), "+01:01:15"]
    assert [book.fill(1, cell) for cell in ("A5", "C6", "C7")] == ["366092", None, "1CB1EE"]
    assert book.notes() == {"B5": "Σ worked"}
    assert signed(0) == "00:00:00"


async def test_before_joining_nothing_else_is_observed() -> None:
    row = {"status": "NOT_EMPLOYED", "incidents": ["OUTSIDE_EMPLOYMENT"], "leave_type": "x", "early": True}
    assert observations(row, "es") == "No Contratado"


def test_every_status_and_incident_has_a_word() -> None:
    assert all(status_word(status.name, "es") for status in Status)
    assert all(incident_word(incident.name, "es") for incident in Incident if incident.name)
    assert status_word("LATE", "en") == "LATE"
    assert labels("en") == {}


async def test_the_detail_streams_what_it_builds(http: httpx.AsyncClient, house: House) -> None:
    key = {"Authorization": http.headers["Authorization"]}
    async with house.http() as client:
        asked = {"format": "ndjson", "params": ASK}
        started = await client.post(f"{DETAIL}/exports", json=asked, headers=key)
        assert started.status_code == 202, started.text
        params = started.json()["params"]
    run = await house.runtime.tasks.run_now("attendance.export", params, "system")
    assert (run.state, run.result["rows"], run.result["complete"]) == ("done", 8, False)
    stem = run.result["file"]["name"]
    assert stem.startswith("detail_Villas_2026-09-07_2026-09-13")
    assert stem.endswith("_incomplete.ndjson")
