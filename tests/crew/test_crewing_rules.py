"""The rules of an appliance: read, tried out, replaced; what held before still answers for its time."""

from typing import Any

import httpx
import pytest

from service.schemas.crew.rules import CrewingRules
from tests.crew.house import House
from tests.crew.scenario import settle_s1

RULES = "/v1/crew/appliances/P22P6/rules"
STATUS = "/v1/crew/appliances/P22P6/status"
SEVEN, FIVE = "2026-03-05T07:00:00Z", "2026-03-05T05:00:00Z"
DRIVER = {"code": "driver", "min_count": 1, "skills_any": ["lgv", "ERD"]}
THREE = {"name": "three", "tier": 2, "requirements": [{"code": "total_crew", "min_count": 3}, DRIVER]}
FULL = {"name": "full", "requirements": [{"code": "total_crew", "min_count": 5}, DRIVER]}
DAY = {"from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}


async def put(house: House, version: int | None, *rules: Any, **more: Any) -> httpx.Response:
    """A replacement of the version that is there."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return await house.ask("PUT", RULES, json={"rules": rules, "reason": "trial"}, headers=headers, **more)


async def test_rules_replace_the_preset_and_what_held_before_stays(house: House) -> None:
    await settle_s1(house.runtime)
    before = await house.ask("GET", RULES)
    assert [(one["name"], one["origin"], one["enforced"]) for one in before.json()["rules"]] == [
        ("p22p6", "preset", True),
        ("Default", "grid", False),
    ]
    assert (before.json()["version"], before.headers["ETag"]) == (0, '"0"')
    made = await put(house, 0, FULL, THREE)
    assert made.status_code == 200, made.text
    CrewingRules.model_validate(made.json())
    assert made.json()["version"] == 2
    assert made.json()["rules"][0]["requirements"][1]["skills_any"] == ["LGV", "ERD"]
    now = await house.get(STATUS, at=SEVEN)
    assert (now["status"], now["rule"], now["tier"], now["tier_name"]) == (
        "crew_deficient",
        "full",
        2,
        "three",
    )
    [row] = await house.sql("SELECT min(valid_from) AS since FROM crew.crewing_rule WHERE origin = 'config'")
    then = {"at": SEVEN, "known_at": "2026-03-06T00:00:00Z"}
    assert (await house.get(STATUS, **then))["status"] == "available"
    assert (await house.get(STATUS, at=SEVEN, known_at=row.since.isoformat()))["tier"] == 2


async def test_what_stays_goes_on_and_nothing_at_all_is_the_preset_again(house: House) -> None:
    await settle_s1(house.runtime)
    first = (await put(house, 0, FULL, THREE)).json()
    same = await put(house, first["version"], FULL, THREE)
    assert same.json() == first
    assert "Data-Version" not in same.headers
    less = await put(house, first["version"], FULL)
    assert less.json()["version"] == 3
    assert less.json()["rules"][0]["valid_from"] == first["rules"][0]["valid_from"]
    none = await put(house, 3)
    assert [one["origin"] for one in none.json()["rules"]] == ["preset", "grid"]
    audited = await house.sql("SELECT what, subject FROM muster.audit WHERE what LIKE 'crew.%'")
    assert [tuple(row) for row in audited] == [("crew.rules_replaced", "appliance:P22/P22P6")] * 3


async def test_a_rule_is_tried_out_against_the_one_in_force(house: House) -> None:
    await settle_s1(house.runtime)
    tried = await put(house, None, FULL | THREE | {"tier": 1}, params={"dry_run": True, **DAY})
    assert tried.status_code == 200, tried.text
    body = CrewingRules.model_validate(tried.json()).trial
    assert body is not None
    assert (body.available_minutes, body.would_be_available_minutes) == (540, 960)
    assert [
        (one.from_.hour, one.until.hour, one.was.status, one.would_be.status) for one in body.changes
    ] == [
        (0, 6, "crew_deficient", "available"),
        (17, 18, "crew_deficient", "available"),
    ]
    assert (await house.get(RULES))["version"] == 0


async def test_who_may_not_replace_them_and_what_is_not_matched(house: House) -> None:
    await settle_s1(house.runtime)
    for scopes in (("crew:read",), ("crew:write",)):
        token = await house.token(*scopes)
        refused = await put(house, 0, FULL, token=token)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    foreign = await house.token("crew:admin", sites=["P99"])
    assert (await put(house, 0, FULL, token=foreign)).status_code == 404
    assert (await put(house, None, FULL)).status_code == 428
    assert (await put(house, 7, FULL)).status_code == 412
    assert (await house.get(RULES))["version"] == 0


@pytest.mark.parametrize(
    ("rules", "pointer", "code"),
    [
        ([FULL, FULL | {"tier": 2}], "/body/rules/1/name", "repeated_name"),
        ([FULL, THREE | {"tier": 1}], "/body/rules/1/tier", "repeated_tier"),
        ([THREE], "/body/rules", "no_first_tier"),
        (
            [{"name": "x", "requirements": [DRIVER, DRIVER]}],
            "/body/rules/0/requirements/1/code",
            "repeated_code",
        ),
        (
            [{"name": "x", "requirements": [DRIVER | {"skills_all": ["BA"], "skills_none": ["ba"]}]}],
            "/body/rules/0/requirements/0/skills_none",
            "nobody_can_match",
        ),
        (
            [{"name": "x", "requirements": [{"code": "o", "min_count": 1, "roles_any": ["WC"],
                                             "roles_none": ["WC"]}]}],
            "/body/rules/0/requirements/0/roles_none",
            "nobody_can_match",
        ),
        (
            [{"name": "x", "requirements": [{"code": "o", "min_count": 0}]}],
            "/body/rules/0/requirements/0/min_count",
            "greater_than_equal",
        ),
        (
            [{"name": "x", "requirements": [DRIVER | {"skills_any": ["BA", " "]}]}],
            "/body/rules/0/requirements/0/skills_any/1",
            "blank",
        ),
        ([{"name": "x", "requirements": []}], "/body/rules/0/requirements", "too_short"),
        ([FULL | {"mode": "chairs"}], "/body/rules/0/mode", "literal_error"),
        ([FULL | {"weight": 1}], "/body/rules/0/weight", "unknown_parameter"),
    ],
)  # fmt: skip
async def test_rules_that_cannot_be_meant(s1: House, rules: Any, pointer: str, code: str) -> None:
    refused = await put(s1, 0, *rules)
    assert refused.status_code == 422
    assert (refused.json()["errors"][0]["pointer"], refused.json()["errors"][0]["code"]) == (pointer, code)
