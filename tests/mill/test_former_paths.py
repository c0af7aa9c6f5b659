"""The predecessor's paths (spec A.18): each leads somewhere that there is, or says where to ask instead."""

import json

import pytest

from service.mill.router.legacy import FORMER, Former
from tests.client.operations import DOCUMENT
from tests.support.house import House

PREFIX = "/v1/mill"


def test_every_former_path_leads_to_an_operation_that_there_is() -> None:
    paths = json.loads(DOCUMENT.read_text("utf-8"))["paths"]
    known = {path.replace("{plan}", "latest") for path in paths}
    wanted = {
        former.now if former.now.startswith("/health") else PREFIX + former.now
        for former in FORMER
        if former.gone is None
    }
    assert wanted - known == set()
    for former in (one for one in FORMER if one.renamed):
        named = {one["name"] for one in paths[PREFIX + former.now]["get"]["parameters"]}
        assert {now for _, now in former.renamed} <= named


@pytest.mark.parametrize("former", [one for one in FORMER if one.gone is None], ids=lambda one: one.path)
async def test_a_former_path_is_redirected_with_what_still_means_the_same(f58: House, former: Former) -> None:
    asked = {"yarn_id": "Y/1", "view": "full"}
    answer = await f58.ask(former.method, f"/api/{former.path}", params=asked)
    kept = "&".join(f"{now}=Y%2F1" for _, now in former.renamed)
    assert answer.status_code == 308, answer.text
    assert answer.headers["Location"] == PREFIX + former.now.replace("{yarn}", "Y%2F1") + (
        kept and f"?{kept}"
    )
    assert answer.headers["Deprecation"] == "@1795305600"
    assert 'rel="successor-version"' in answer.headers["Link"]


@pytest.mark.parametrize("former", [one for one in FORMER if one.gone is not None], ids=lambda one: one.path)
async def test_a_former_path_without_meaning_says_what_to_ask(f58: House, former: Former) -> None:
    answer = await f58.ask(former.method, f"/api/{former.path}")
    assert (answer.status_code, answer.json()["code"]) == (410, "former_path_gone")
    assert former.now in answer.json()["detail"]
    assert answer.headers["Deprecation"] == "@1795305600"


async def test_a_former_question_without_its_yarn_is_told_so(f58: House) -> None:
    answer = await f58.ask("GET", "/api/yarn-aggregation")
    assert (answer.status_code, answer.json()["detail"]) == (
        410,
        "name the yarn in the path: ask /v1/mill/substitutes/{yarn}",
    )


@pytest.mark.parametrize(
    ("asked", "place", "status"),
    [
        ("shortages?min_risk=LOW", "reports/shortages?min_risk=LOW", 200),
        ("planning-balance/summary", "reports/planning-balance", 200),
        ("procurement/recommendations", "reports/procurement", 200),
        ("plan-runs/1/buckets?limit=2", "plan-runs/1/weeks?limit=2", 404),
        ("imports/1/errors.csv?severity=error", "imports/1/errors?format=csv&severity=error", 200),
        ("imports/1/errors.xlsx", "imports/1/errors?format=xlsx", 200),
        ("export/yarn_inventory.csv", "export/yarn_inventory?format=csv", 200),
        ("export/yarn_inventory.xlsx?what=1", "export/yarn_inventory?format=xlsx&what=1", 422),
    ],
)
async def test_a_path_as_the_spec_names_it_leads_on_with_all_that_was_asked(
    f58: House, asked: str, place: str, status: int
) -> None:
    moved = await f58.ask("GET", f"{PREFIX}/{asked}")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"{PREFIX}/{place}")
    answer = await f58.ask("GET", moved.headers["Location"])
    assert answer.status_code == status, answer.text


async def test_the_events_of_a_plan_there_is_not_are_not_found(f58: House) -> None:
    answer = await f58.ask("GET", f"{PREFIX}/plan-runs/1/events")
    assert (answer.status_code, answer.json()["code"]) == (404, "plan_not_found")
