"""The declared reports: progress, sessions, caseload; as JSON, files and pages, explained and sealed."""

import pytest

from tests.children.figured import WINDOW
from tests.children.house import House

EMMA = {"child_id": "1", **WINDOW}


async def test_progress_has_a_row_for_each_figure(shared: House) -> None:
    answer = await shared.ask("G1", "GET", "/reports/progress", params=EMMA)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store"), answer.text
    rows = {row["figure"]: row for row in answer.json()["items"]}
    assert rows["score"] == {
        "figure": "score", "value": 66.0, "n": 5, "unit": "points", "previous": 100.0, "change": -34.0,
        "direction": "insufficient_data", "trend": "improving", "sufficient": True,
    }  # fmt: skip
    assert rows["completion_rate"]["value"] == 71.43
    assert rows["accuracy_pooled"]["value"] == 74.49
    assert rows["help_rate"]["value"] == 4.64
    assert rows["sessions_per_week"]["value"] == 1.63


async def test_what_is_open_makes_a_report_incomplete(shared: House) -> None:
    answer = (await shared.ask("V1", "GET", "/reports/progress", params=EMMA)).json()
    meta = answer["meta"]
    assert (meta["complete"], meta["complete_through"]) == (False, {"sessions": "2025-06-12T15:00:00Z"})
    assert meta["incomplete_reasons"] == [
        "1 session is still open: counted in the total and in no other figure"
    ]
    assert "8 of 8 sessions came more than a day after they ended" in answer["notes"]
    past = {**EMMA, "from": "2025-06-01", "to": "2025-06-11"}
    assert (await shared.ask("V1", "GET", "/reports/progress", params=past)).json()["meta"][
        "complete"
    ] is True
    today = (await shared.ask("V1", "GET", "/reports/progress", params={"child_id": "1"})).json()["meta"]
    assert [reason[:26] for reason in today["incomplete_reasons"]] == [
        "the window includes today,", "devices without network ma",
    ]  # fmt: skip


async def test_sessions_have_a_row_each(shared: House) -> None:
    answer = (await shared.ask("E1", "GET", "/reports/session-figures", params=EMMA)).json()
    assert [row["session_id"] for row in answer["items"]] == list(range(1, 9))
    first = answer["items"][0]
    assert (first["engagement"], first["accuracy"], first["independence"]) == (60.0, 50.0, 80.0)


@pytest.mark.parametrize(
    ("figure", "value"), [("engagement", 60.0), ("accuracy", 50.0), ("active_seconds", 600)]
)
async def test_the_figures_of_a_session_are_explained(shared: House, figure: str, value: float) -> None:
    ask = {**EMMA, "session_id": "1", "figure": figure}
    answer = await shared.ask("E1", "GET", "/reports/session-figures/explain", params=ask)
    assert answer.json()["value"] == value
    assert answer.json()["inputs"]
    gone = await shared.ask(
        "E1", "GET", "/reports/session-figures/explain", params={**ask, "session_id": "9"}
    )
    assert gone.status_code == 404


async def test_progress_and_caseload_are_explained(shared: House) -> None:
    ask = {**EMMA, "figure": "score"}
    answer = (await shared.ask("G1", "GET", "/reports/progress/explain", params=ask)).json()
    assert answer["value"] == 66.0
    assert len(answer["inputs"]) == 7  # the window, five sessions and the one before
    ask = {**EMMA, "figure": "completion_rate"}
    answer = (await shared.ask("E1", "GET", "/reports/caseload/explain", params=ask)).json()
    assert answer["value"] == 71.43


async def test_a_caseload_is_a_professionals(shared: House) -> None:
    answer = (await shared.ask("E1", "GET", "/reports/caseload", params=WINDOW)).json()
    assert [(row["name"], row["score"], row["score_direction"]) for row in answer["items"]] == [
        ("Emma", 66.0, "improving"),
    ]  # fmt: skip
    assert (await shared.ask("G1", "GET", "/reports/caseload", params=WINDOW)).status_code == 403


@pytest.mark.parametrize("name", ["progress", "session-figures"])
async def test_reports_are_files_and_pages_too(shared: House, name: str) -> None:
    for kind in ("csv", "xlsx", "html"):
        ask = {**EMMA, "format": kind, "locale": "es"}
        answer = await shared.ask("G1", "GET", f"/reports/{name}", params=ask)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert answer.content
    labels = ("Niño", "Sesiones", "Terminadas", "Abiertas") if name == "progress" else ("Niño",)
    assert [label for label in labels if f">{label}<" not in answer.text] == []


@pytest.mark.parametrize(("who", "status"), [("G2", 404), ("N1", 404), ("X1", 404), ("AD", 403), ("K1", 403)])
async def test_who_may_not_see_a_child_gets_no_report(shared: House, who: str, status: int) -> None:
    for path in ("/reports/progress", "/reports/session-figures", "/reports/progress/explain"):
        ask = {**EMMA, **({"figure": "score"} if path.endswith("explain") else {})}
        assert (await shared.ask(who, "GET", path, params=ask)).status_code == status


async def test_a_report_is_sealed_and_held_against_today(shared: House) -> None:
    asked = {"report": "progress", "params": {"child_id": 1, **WINDOW}, "note": "for the school"}
    assert (await shared.ask("G1", "POST", "/statements", json=asked)).json()["code"] == "incomplete"
    asked["params"] = {"child_id": 1, "from": "2025-06-01", "to": "2025-06-11"}
    sealed = await shared.ask("G1", "POST", "/statements", json=asked)
    assert sealed.status_code == 201, sealed.text
    again = (await shared.ask("G1", "GET", "/reports/progress", params={**EMMA, "to": "2025-06-05"})).json()
    assert [seal["id"] for seal in again["meta"]["sealed"]] == [sealed.json()["id"]]
    async with shared.http("G1") as http:
        changes = await http.get(f"/v1/statements/{sealed.json()['id']}/changes")
    assert (changes.status_code, changes.json()["items"]) == (200, [])
