"""What reading notes, assessments and reports costs, and what it leaves in the audit (spec D5.2, E5, T107)."""

from typing import Any

import pytest
from pydantic import TypeAdapter
from structlog.testing import capture_logs

from service.children.router import emergency, reports, shares, writings
from tests.children.cases.test_reports import report_in, reviewer
from tests.children.cases.test_shares import shared
from tests.children.cases.test_writings import ASSESSMENT, NOTE, written
from tests.children.house import House
from tests.support.statements import counted_statements


async def paths_of(house: House) -> dict[str, int]:
    """Every reading of these rooms with its budget of statements."""
    await reviewer(house)
    report = await report_in(house, "published")
    for _ in range(3):
        await written(house, "G1", "/1/notes", NOTE)
    assessment = await written(house, "E1", "/1/assessments", ASSESSMENT)
    return {
        "/1/notes": 1,
        "/1/assessments": 1,
        f"/assessments/{assessment['id']}": 1,
        "/1/reports": 1,
        f"/reports/{report['id']}": 1,
        f"/reports/{report['id']}/export?format=csv": 1,
        f"/reports/{report['id']}/changes": 2,
        f"/reports/{report['id']}/shares": 2,
    }


def own(statements: list[str]) -> list[str]:
    """Without authentication, audit and what a snapshot begins with."""
    beside = ("muster.audit", "muster.auth_users", "muster.api_key")
    return [
        one
        for one in statements
        if one.lstrip().upper().startswith(("SELECT", "WITH"))
        and not (any(name in one for name in beside) and "children." not in one)
    ]


async def test_t107_each_reading_stays_in_its_budget_and_leaves_one_row(house: House) -> None:
    paths = await paths_of(house)
    for name, status in (("G1", 200), ("N1", 404)):
        for path, budget in paths.items():
            [(before,)] = await house.sql("SELECT count(*) FROM muster.audit")
            with counted_statements(house.runtime.database.engine) as statements:
                answer = await house.ask(name, "GET", path)
            assert answer.status_code == status, (name, path, answer.text)
            [(after,)] = await house.sql("SELECT count(*) FROM muster.audit")
            assert after - before == 1, (name, path)
            if status == 200:
                assert len(own(statements)) == budget, (path, own(statements))
    rows = await house.sql(
        "SELECT outcome, deny_code, child_id FROM muster.audit WHERE who = 'person:16' AND what <> 'child.read'"
    )
    assert {tuple(row) for row in rows} == {("deny", "not_visible", 1)}


async def test_t110_no_word_of_a_child_reaches_a_log(house: House, every_line: None) -> None:
    with capture_logs() as lines:
        share: dict[str, Any] = await shared(house)
        await written(house, "G1", "/1/notes", {**NOTE, "note": "Quokka under the table."})
        await house.ask(None, "GET", f"/shared-reports/{share['token']}")
        await house.ask(None, "GET", "/shared-reports/" + "y" * 43)
        await house.ask("G1", "POST", "/1/notes", json={**NOTE, "note": "Quokka" * 1000})
    told = repr(lines)
    assert "request" in told
    for word in (
        share["token"],
        "y" * 43,
        "school@example.org",
        "Quokka",
        "Calmer",
        "Emma",
        "g1@example.org",
    ):
        assert word not in told, word


@pytest.mark.parametrize("part", [writings, reports, shares, emergency])
def test_q57_every_example_validates(part: Any) -> None:
    for router in (part.router, getattr(part, "outside", part.router)):
        for route in router.routes:
            answered = route.responses[route.status_code or 200]["content"]["application/json"]["example"]
            TypeAdapter(route.response_model).validate_python(answered)
            asked = (route.openapi_extra or {}).get("requestBody")
            assert (asked is not None) == bool(route.dependant.body_params), route.operation_id
            if asked is not None:
                (body,) = route.dependant.body_params
                example = asked["content"]["application/json"]["example"]
                TypeAdapter(body.field_info.annotation).validate_python(example)
