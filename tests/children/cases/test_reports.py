"""Reports about a child: who writes them, every transition, what was published, shares, files (spec D4, F6)."""

import csv
import io
from typing import Any

from sqlalchemy import text

from service.schemas.children.words import ReportStatus, words
from tests.children.cases.test_writings import HIDDEN, NEVER, statuses, written
from tests.children.family import FROM, TO
from tests.children.house import House

JUNE: dict[str, Any] = {"type": "progress", "from": FROM, "to": TO}
STATES = words(ReportStatus)
ROADS = {
    "draft": (),
    "pending_review": (("E1", "pending_review"),),
    "approved": (("E1", "pending_review"), ("E2", "approved")),
    "published": (("E1", "pending_review"), ("E2", "approved"), ("E1", "published")),
    "archived": (("E1", "pending_review"), ("E2", "archived")),
}
"""How a report of E1 comes into each state."""


async def reviewer(house: House) -> None:
    """X1 is back: the second professional who may edit Emma (`E2`)."""
    await house.sql("UPDATE children.care_assignments SET ends_at = NULL WHERE professional_id = 14")


def who(name: str) -> str:
    return "X1" if name == "E2" else name


async def moved(house: House, name: str, report: int, to: str) -> tuple[int, str | None]:
    answer = await house.ask(who(name), "POST", f"/reports/{report}/transitions", json={"to": to})
    return answer.status_code, answer.json().get("code")


async def report_in(house: House, state: str, **more: Any) -> dict[str, Any]:
    """A report of E1 in a state."""
    made = await written(house, "E1", "/1/reports", {**JUNE, **more})
    for name, to in ROADS[state]:
        assert await moved(house, name, made["id"], to) == (200, None), (name, to)
    found: dict[str, Any] = (await house.ask("E1", "GET", f"/reports/{made['id']}")).json()
    assert found["status"] == state
    return found


async def test_t067_who_writes_reports(house: House) -> None:
    expected = {"G1": 403, "G2": 403, "G3": 403, "V1": 403, "C1": 403, "E1": 201, **HIDDEN, **NEVER}
    assert await statuses(house, "POST", "/1/reports", json=JUNE) == expected


async def test_a_draft_has_the_figures_of_its_window(house: House) -> None:
    """The numbers of spec T5."""
    made = await written(house, "E1", "/1/reports", JUNE)
    assert (made["status"], made["title"], made["version"]) == ("draft", f"Progress {FROM} – {TO}", 1)
    assert (made["period_start"], made["period_end"]) == ("2025-05-31T00:00:00Z", "2025-06-30T00:00:00Z")
    figures = made["figures"]
    summary = figures["sections"]["summary"]
    assert (summary["total"], summary["completion_rate"], summary["score"]["mean"]) == (8, 71.43, 66.0)
    assert (figures["sessions"], figures["activities"], figures["definitions_version"]) == (8, 0, "1")
    again = await house.ask("E1", "GET", f"/reports/{made['id']}")
    assert again.json() == made
    assert (again.headers["etag"], again.headers["cache-control"]) == ('"1"', "no-store")


async def test_every_transition_by_everybody(house: House) -> None:
    """Each state, each state it might go to, by author, reviewer, and those who may not."""
    await reviewer(house)
    possible = {
        ("draft", "pending_review", "E1"),
        ("pending_review", "draft", "E2"),
        ("pending_review", "approved", "E2"),
        *(("approved", "published", name) for name in ("E1", "E2")),
        *((state, "archived", name) for state in STATES[1:4] for name in ("E1", "E2")),
    }
    hidden = {"draft", "pending_review", "approved", "archived"}
    for state in STATES:
        report = (await report_in(house, state))["id"]
        kept = await house.sql("SELECT * FROM children.reports WHERE id = :id", id=report)
        for to in STATES:
            for name in ("V1", "C1"):
                expected = 404 if state in hidden else 403
                assert (await moved(house, name, report, to))[0] == expected, (state, to, name)
            assert (await moved(house, "N1", report, to))[0] == 404
            assert (await moved(house, "G1", report, to))[0] == 403
            for name in ("E1", "E2"):
                answer = await moved(house, name, report, to)
                if (state, to, name) in possible:
                    assert answer == (200, None), (state, to, name)
                    await _put_back(house, kept[0])
                else:
                    assert answer == (409, "invalid_transition"), (state, to, name)


async def _put_back(house: House, row: Any) -> None:
    names = [name for name in row._fields if name not in ("id", "content", "source_snapshot")]
    changes = ", ".join(f"{name} = :{name}" for name in names)
    values = {name: getattr(row, name) for name in (*names, "id")}
    async with house.runtime.database.write() as conn:
        await conn.execute(text(f"UPDATE children.reports SET {changes} WHERE id = :id"), values)


async def test_who_is_shown_a_report_in_each_state(house: House) -> None:
    await reviewer(house)
    made = {state: await report_in(house, state) for state in STATES}
    for state, report in made.items():
        around = 200 if report["published_at"] is not None else 404
        expected = {"G1": around, "G3": around, "V1": around, "C1": around, "E1": 200, "X1": 200, "N1": 404}
        for name, status in expected.items():
            answer = await house.ask(name, "GET", f"/reports/{report['id']}")
            assert answer.status_code == status, (state, name)
    everything = [made[state]["id"] for state in reversed(STATES)]
    for name, seen in {
        "G1": [made["published"]["id"]],
        "V1": [made["published"]["id"]],
        "X1": everything,
    }.items():
        listed = (await house.ask(name, "GET", "/1/reports")).json()["items"]
        assert [one["id"] for one in listed] == seen, name


async def test_what_was_published_stays_to_be_read_once_it_is_archived(house: House) -> None:
    await reviewer(house)
    report = await report_in(house, "published")
    assert (await moved(house, "E2", report["id"], "archived"))[0] == 200
    archived = (await house.ask("G3", "GET", f"/reports/{report['id']}")).json()
    assert (archived["status"], archived["intact"], archived["content"]) == ("archived", True, {})


async def test_a_report_that_came_without_figures_is_read_all_the_same(house: House) -> None:
    await house.sql(
        "INSERT INTO children.reports (child_id, author_id, report_type, title, period_start, period_end, status,"
        " published_at) VALUES (1, 13, 'summary', 'Old', '2024-01-01', '2024-02-01', 'published', now())"
    )
    [report] = (await house.ask("G1", "GET", "/1/reports")).json()["items"]
    for part, seen in (("", "figures"), ("/changes", "intact")):
        answer = await house.ask("G1", "GET", f"/reports/{report['id']}{part}")
        assert (answer.status_code, answer.json().get(seen)) == (200, None)
    for kind in ("json", "csv", "html"):
        file = await house.ask("G1", "GET", f"/reports/{report['id']}/export", params={"format": kind})
        assert file.status_code == 200, kind


async def test_a_draft_is_changed_and_removed_by_its_author_alone(house: House) -> None:
    await reviewer(house)
    report = await report_in(house, "draft")
    path, body = f"/reports/{report['id']}", {"content": {"executive_summary": "Calmer."}}
    assert (await house.ask("E1", "PATCH", path, json=body)).status_code == 428
    refused = await house.ask("X1", "PATCH", path, json=body, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_author")
    changed = await house.ask("E1", "PATCH", path, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (changed.json()["content"], changed.json()["figures"]) == (body["content"], report["figures"])
    assert (await house.ask("X1", "DELETE", path)).status_code == 403
    assert (await house.ask("E1", "DELETE", path)).status_code == 200
    assert (await house.ask("E1", "GET", path)).status_code == 404
    sent = await report_in(house, "pending_review")
    for method, more in (("PATCH", {"json": body, "headers": {"If-Match": '"2"'}}), ("DELETE", {})):
        late = await house.ask("E1", method, f"/reports/{sent['id']}", **more)
        assert (late.status_code, late.json()["code"]) == (409, "not_a_draft")


async def test_what_was_published_stays_and_says_what_would_differ_today(house: House) -> None:
    await reviewer(house)
    report = await report_in(house, "published", content={"executive_summary": "Calmer."})
    path = f"/reports/{report['id']}"
    assert (report["intact"], len(report["statement_sha256"])) == (True, 64)
    assert (await house.ask("G1", "GET", f"{path}/changes")).json()["items"] == []
    voided = await house.ask("G1", "DELETE", "/sessions/7", json={"reason": "not this child"})
    assert voided.status_code == 200
    await house.sql(
        "INSERT INTO children.game_sessions (child_id, started_at, ended_at, session_type, scenario_name,"
        " completion_status, score, duration_seconds, interactions_count, created_by) VALUES"
        " (1, '2025-06-20T10:00Z', '2025-06-20T10:10Z', 'dental_visit', 'Chair', 'completed', 20, 600, 5, 'key:k')"
    )
    rated = {"json": {"parent_rating": 1}, "headers": {"If-Match": '"1"'}}
    assert (await house.ask("G1", "PATCH", "/sessions/5/feedback", **rated)).status_code == 200
    today = (await house.ask("G1", "GET", f"{path}/changes")).json()
    changed = {one["figure"]: one for one in today["items"]}
    mean = changed["summary.score.mean"]
    assert (mean["sealed"], mean["today"]) == (66.0, 52.0)
    causes = {(one["code"], one["subject"]) for one in mean["causes"]}
    assert {("session_voided", "7"), ("session_changed", "5")} < causes
    assert "session_added" in {code for code, _ in causes}
    assert changed["summary.parent_rating.mean"]["today"] < changed["summary.parent_rating.mean"]["sealed"]
    assert not any(figure.startswith("activities.") for figure in changed)
    now = (await house.ask("G1", "GET", path)).json()
    assert (now["figures"], now["intact"]) == (report["figures"], True)
    tampered = 'UPDATE children.reports SET content = \'{"executive_summary": "Worse."}\''
    await house.sql(tampered)
    assert (await house.ask("G1", "GET", path)).json()["intact"] is False


async def test_a_correction_is_attached_and_changes_nothing(house: House) -> None:
    await reviewer(house)
    path = f"/reports/{(await report_in(house, 'draft'))['id']}/correction"
    early = await house.ask("E1", "PUT", path, json={"note": "x"}, headers={"If-Match": '"1"'})
    assert (early.status_code, early.json()["code"]) == (409, "not_published")
    report = await report_in(house, "published")
    path = f"/reports/{report['id']}/correction"
    told = {"json": {"note": "Session 7 was not hers."}, "headers": {"If-Match": f'"{report["version"]}"'}}
    assert (await house.ask("G1", "PUT", path, **told)).status_code == 403
    corrected = (await house.ask("X1", "PUT", path, **told)).json()
    assert (corrected["correction_note"], corrected["intact"]) == ("Session 7 was not hers.", True)
    assert corrected["statement_sha256"] == report["statement_sha256"]
    seen = (await house.ask("G3", "GET", f"/reports/{report['id']}")).json()
    assert seen["correction_note"] == "Session 7 was not hers."


async def test_what_the_reviewer_says_is_for_those_who_write(house: House) -> None:
    await reviewer(house)
    report = await report_in(house, "pending_review")
    path = f"/reports/{report['id']}"
    back = {"to": "draft", "note": "say more of the dental visits"}
    assert (await house.ask("X1", "POST", f"{path}/transitions", json=back)).status_code == 200
    assert (await house.ask("E1", "GET", path)).json()["review_note"] == back["note"]
    for name, to in ROADS["published"]:
        assert (await moved(house, name, report["id"], to))[0] == 200
    assert (await house.ask("G1", "GET", path)).json()["review_note"] is None


async def test_t054_windows_and_words_that_cannot_be(house: House) -> None:
    for body, pointer, code in (
        ({"type": "horoscope"}, "/body/type", "enum"),
        ({"window": "45d"}, "/body/window", "unknown_window"),
        ({"from": "2025-06-02", "to": "2025-06-01"}, "/body/from", "invalid_range"),
        ({"from": "2024-01-01", "to": "2025-06-01"}, "/body/from", "range_too_long"),
        ({"title": " "}, "/body/title", "blank"),
    ):
        answer = await house.ask("E1", "POST", "/1/reports", json={"type": "summary", **body})
        assert answer.status_code == 422, answer.text
        assert (pointer, code) in {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


async def test_t104_no_cell_of_a_file_is_a_formula(house: House) -> None:
    await reviewer(house)
    content = {"summary": "=HYPERLINK(1)", "@goals": ["+1", "-2+3"], "n": -5}
    report = await report_in(house, "published", content=content, title="=1+1")
    file = await house.ask("G1", "GET", f"/reports/{report['id']}/export", params={"format": "csv"})
    rows = list(csv.reader(io.StringIO(file.text)))
    assert rows[0] == ["Section", "Field", "Value"]
    told = {(section, field): value for section, field, value in rows[1:]}
    assert told["About", "Title"] == "'=1+1"
    assert told["Content", "summary"] == "'=HYPERLINK(1)"
    assert told["Content", "'@goals"] == "'+1; -2+3"
    assert told["Content", "n"] == "-5"
    assert told["Summary", "Score · Mean"] == "66.0"
    assert file.headers["content-disposition"] == f'attachment; filename="report-{report["id"]}.csv"'
    spanish = await house.ask(
        "G1", "GET", f"/reports/{report['id']}/export", params={"format": "csv", "locale": "es"}
    )
    assert "Resumen,Puntuación · Media,66.0" in spanish.text


async def test_a_page_to_print_is_whole_and_escaped(house: House) -> None:
    await reviewer(house)
    report = await report_in(house, "published", content={"summary": "<script>alert(1)</script>"})
    page = await house.ask("G3", "GET", f"/reports/{report['id']}/export", params={"format": "html"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text
    assert "This is what was published" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    noted = await house.sql("SELECT count(*) FROM muster.audit WHERE what = 'report.export'")
    assert noted[0][0] == 1
