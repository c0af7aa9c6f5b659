"""The dashboard: the key figures of A.14 (G-O-103), the days one by one, and a page that needs no network."""

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from service.attendance.rules.codes import Incident
from service.reporting.pages.charts import ABOVE, HEIGHT, stacked_bars
from tests.attendance.house import House
from tests.attendance.reported import got
from tests.attendance.test_compare import fill

ANA, BEN = "HR-EMP-00001", "HR-EMP-00002"
NINE = 32_400


@pytest.fixture
async def http(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with house.writing() as made:
        await fill(made)
    async with house.reader() as opened:
        yield opened


async def answered(http: httpx.AsyncClient, **params: Any) -> dict[str, Any]:
    answer = await http.get("/reports/dashboard", params={"month": "2026-09"} | params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_each_scheduled_day_is_attended_absent_or_on_leave(http: httpx.AsyncClient) -> None:
    days = {row["day"][-2:]: row for row in (await answered(http))["items"]}
    assert sorted(days) == ["01", "02", "03", "04", "06"]
    first = days["01"]
    assert (first["scheduled"], first["attended"], first["absent"], first["on_leave"]) == (
        3,
        "1.50",
        "1.50",
        "0.00",
    )
    assert first["attended_percent"] == "50.0"
    assert (days["03"]["late"], days["04"]["on_leave"]) == (1, "0.50")
    # Work on a day off is no attendance of a scheduled day.
    assert (days["06"]["scheduled"], days["06"]["attended_percent"]) == (0, None)
    for row in days.values():
        assert sum(float(row[name]) for name in ("attended", "absent", "on_leave")) == row["scheduled"]


async def test_g_o_103_the_key_figures_of_nine_days(house: House) -> None:
    """G-O-30: 73:26:01 worked of 81:00, three lates, two absences, one early exit."""
    worked = [NINE] * 6 + [73 * 3600 + 26 * 60 + 1 - 6 * NINE]
    async with house.writing() as made:
        for number, seconds in enumerate(worked):
            values = {"worked_seconds": seconds, "expected_seconds": NINE, "expected_net_seconds": NINE}
            late, early = number < 3, number == 3
            await made.day(ANA, date(2026, 7, 1 + number), late_counted=late, early=early, **values)
        absent = {"code": "A", "status": "ABSENT", "expected_seconds": NINE, "expected_net_seconds": NINE}
        for day in (10, 11):
            await made.day(ANA, date(2026, 7, day), **absent)
    async with house.reader() as http:
        found = (await answered(http, month="2026-07"))["summary"]
    assert (found["attendance_percent"], found["punctuality_percent"]) == ("90.7", "0.0")
    assert (found["absent"], found["scheduled"], found["lost_percent"]) == ("2.00", 9, "22.2")
    assert round(found["mean_deviation_seconds"] / 3600, 1) == 7.6
    assert (found["late"], found["early"], found["worked_seconds"]) == (3, 1, 264_361)


async def test_a_figure_of_a_day_names_its_people_and_one_of_the_period_its_days(
    http: httpx.AsyncClient,
) -> None:
    asked = {"month": "2026-09", "figure": "absent"}
    of_day = (await http.get("/reports/dashboard/explain", params=asked | {"day": "2026-09-01"})).json()
    assert (of_day["value"], [(part["name"], part["value"]) for part in of_day["inputs"]]) == (
        "1.50",
        [(f"absent of Ben Ortiz ({BEN})", "1.00"), ("absent of Carla Soto (HR-EMP-00003)", "0.50")],
    )
    whole = (await http.get("/reports/dashboard/explain", params=asked)).json()
    assert whole["value"] == (await answered(http))["summary"]["absent"]
    first = await got(http, whole["inputs"][0]["link"].removeprefix("/v1/attendance"))
    assert (first["value"], first["subject"]) == (whole["inputs"][0]["value"], "absent, 2026-09-01")
    of_ben = await got(http, first["inputs"][0]["link"].removeprefix("/v1/attendance"))
    assert (of_ben["value"], [part["name"] for part in of_ben["inputs"]]) == ("1.00", ["2026-09-01"])
    late = (
        await http.get(
            "/reports/dashboard/explain", params={"figure": "punctuality_percent", "month": "2026-09"}
        )
    ).json()
    assert late["value"] == "50.0"
    assert [part["name"] for part in late["inputs"]][-1] == f"late of Ana Ruiz ({ANA})"


async def test_a_key_of_one_site_sees_its_own_figures(house: House, http: httpx.AsyncClient) -> None:
    async with house.reader("Villas") as limited:
        assert (await answered(limited))["summary"]["people"] == 2
        asked = {"month": "2026-09", "figure": "absent", "day": "2026-09-01"}
        why = (await limited.get("/reports/dashboard/explain", params=asked)).json()
    assert [part["name"] for part in why["inputs"]] == [f"absent of Ben Ortiz ({BEN})"]


@pytest.mark.parametrize(("locale", "title"), [("en", "Scheduled days"), ("es", "Días programados")])
async def test_the_page_draws_its_charts_without_network(
    http: httpx.AsyncClient, locale: str, title: str
) -> None:
    page = await http.get(
        "/reports/dashboard", params={"month": "2026-09", "format": "html", "locale": locale}
    )
    assert page.text.count("<figure") == 2
    assert "<body>" in page.text
    assert f'aria-label="{title}"' in page.text
    assert 'class="m-absent"' in page.text
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text)
    assert " style=" not in page.text
    assert 'data-f="figure=absent"' in page.text


def test_bars_stand_on_the_floor_and_reach_their_value() -> None:
    rows = [{"day": "2026-09-01", "a": 3, "b": "1.50"}, {"day": "2026-09-02", "a": 0, "b": "0"}]
    chart = stacked_bars(rows, "day", [("a", "good", "a"), ("b", "late", "b")])
    first, second = chart.blocks
    assert first.y + first.height == pytest.approx(chart.floor)
    assert second.y + second.height == pytest.approx(first.y)
    assert second.height / first.height == pytest.approx(0.5, abs=0.01)
    assert [tick.label for tick in chart.scale] == ["0", "1", "2", "3", "4", "5"]
    assert chart.scale[-1].at == ABOVE
    assert chart.floor < HEIGHT
    assert [tick.label for tick in chart.names] == ["2026-09-01", "2026-09-02"]
    assert stacked_bars([], "day", [("a", "good", "a")]).blocks == []


@pytest.mark.parametrize("top", [0.0, 0.4, 1, 7, 49, 51, 999, 123_456])
def test_a_scale_has_few_lines_and_holds_the_highest_bar(top: float) -> None:
    chart = stacked_bars([{"n": "x", "v": top}], "n", [("v", "good", "v")])
    assert 2 <= len(chart.scale) <= 6
    assert float(chart.scale[-1].label) >= top


async def test_each_shift_of_a_split_day_counts_as_in_the_summary(house: House) -> None:
    lacking = int(Incident.MISSING_IN | Incident.MISSING_OUT)
    async with house.writing() as made:
        for seq in (0, 1):
            late = {"late_counted": True, "early": True, "incidents": lacking, "expected_seconds": 4 * 3600}
            await made.day(ANA, date(2026, 9, 28), shift_seq=seq, status="LATE", **late)
    asked = {"month": "2026-09", "person": ANA}
    async with house.reader() as http:
        ours = (await http.get("/reports/dashboard", params=asked)).json()["summary"]
        theirs = (await http.get("/reports/summary", params=asked)).json()["summary"]
    named = {"late": "lates", "early": "early_exits", "missing_punches": "missing_punches"}
    assert {name: ours[name] for name in named} == {name: theirs[other] for name, other in named.items()}
    assert (ours["late"], ours["early"], ours["missing_punches"]) == (2, 2, 4)
