"""Another writing of a skill is read as that skill; what the grid wrote is kept (spec D.1.8)."""

from dataclasses import replace

from service.crew.rules.crewing import Lists
from service.crew.rules.roles import Skilled, rank
from service.schemas.crew.skills import Skills
from tests.crew.house import House
from tests.crew.scenario import S1, seen, settle_s1, station

AT = {"station": "P22", "at": "2026-03-05T10:00:00Z"}


async def test_who_has_another_writing_has_the_skill(house: House) -> None:
    await settle_s1(house.runtime)

    async def ids(skill: str) -> list[int]:
        return [one["crew_id"] for one in (await house.get("/v1/crew", **AT, skill=skill))["items"]]

    assert await ids("HGV") == []
    put = await house.ask("PUT", "/v1/crew/skills/aliases/erd", json={"code": "lgv"})
    assert (put.status_code, put.json()) == (200, {"alias": "ERD", "code": "LGV"})
    assert "crew/P22/people" in put.headers["data-version"]
    assert await ids("LGV") == [2, 5]
    assert (await house.get("/v1/crew/5"))["skills"] == ["BA", "ERD"]
    listed = await house.get("/v1/crew/skills")
    Skills.model_validate(listed)
    assert [one["aliases"] for one in listed["items"] if one["code"] == "LGV"] == [["ERD"]]
    gone = await house.ask("DELETE", "/v1/crew/skills/aliases/ERD")
    assert gone.status_code == 200
    assert await ids("LGV") == [2]
    again = await house.ask("DELETE", "/v1/crew/skills/aliases/ERD")
    assert (again.status_code, again.json()["code"]) == (404, "alias_not_found")
    wrong = await house.ask("PUT", "/v1/crew/skills/aliases/X", json={"code": "LVG"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unknown_skill")
    audit = await house.sql("SELECT what FROM muster.audit WHERE what LIKE 'crew.skill%' ORDER BY id")
    assert [row.what for row in audit] == ["crew.skill_alias_put", "crew.skill_alias_deleted"]


async def test_a_rule_asks_for_a_skill_in_any_of_its_writings(house: House) -> None:
    made = await settle_s1(house.runtime)
    pump = "/v1/crew/appliances/P22P6"
    at, day = {"at": "2026-03-05T07:00:00Z"}, {"from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}
    two = {"code": "drivers", "min_count": 2, "skills_all": ["HGV"]}
    asked = {"rules": [{"name": "two", "requirements": [two]}], "reason": "a trial"}
    put = await house.ask("PUT", f"{pump}/rules", json=asked, headers={"If-Match": '"0"'})
    assert put.status_code == 200, put.text

    async def have() -> list[int]:
        forecast = (await house.get(f"{pump}/forecast", **day))["items"]
        part = next(part for run in forecast for part in run["parts"] if part["until"] > at["at"])
        status = await house.get(f"{pump}/status", **at)
        return [one["requirements"][0]["have"] for one in (status, part)]

    assert await have() == [0, 0]
    for writing, code, found in (("HGV", "LGV", 1), ("ERD", "LGV", 2)):
        answer = await house.ask("PUT", f"/v1/crew/skills/aliases/{writing}", json={"code": code})
        assert answer.status_code == 200
        assert f"crew/{made.code}:" in answer.headers["data-version"].replace("=", ":")
        assert await have() == [found, found]
    await house.ask("DELETE", "/v1/crew/skills/aliases/ERD")
    assert await have() == [1, 1]


async def test_skills_are_of_all_stations(house: House) -> None:
    await settle_s1(house.runtime)
    for scopes, sites, code in (
        (("crew:write",), None, "scope_missing"),
        (("crew:admin",), ["P22"], "site_not_allowed"),
    ):
        token = await house.token(*scopes, sites=sites)
        for method, more in (("PUT", {"json": {"code": "BA"}}), ("DELETE", {})):
            answer = await house.ask(method, "/v1/crew/skills/aliases/SCBA", token=token, **more)
            assert (answer.status_code, answer.json()["code"]) == (403, code)


def test_ranks_and_what_counts() -> None:
    assert sorted(["FF", "FFT", "FFD", "FFC", "CC", "CM", "WC"], key=rank) == [
        "WC", "CM", "CC", "FFC", "FFD", "FFT", "FF",
    ]  # fmt: skip
    counts = Skilled(Lists(), {"HGV": "LGV", "SM": "TTR"})
    assert [counts.officer(*one) for one in ((None, ["SM"]), ("FF", ["IC"]), ("CM", []), ("FFD", ["BA"]))] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [counts.driver(one) for one in (["HGV"], ["ERD"], ["BA"])] == [True, True, False]
    assert counts.has("lgv", None, ["HGV"])
    assert counts.has("HGV", None, ["LGV"])


async def test_a_caller_of_some_stations_sees_the_skills_of_their_people(house: House) -> None:
    await settle_s1(house.runtime)
    other = await station(house.runtime, "P23")
    diver = replace(S1.crew[0], name="FIR, AN", skills=("BA", "ERD", "DIVE"))
    await seen(house.runtime, other, replace(S1, crew=(diver,), appliances=()))
    await house.ask("PUT", "/v1/crew/skills/aliases/ERD", json={"code": "LGV"})

    async def codes(*sites: str) -> set[str]:
        token = await house.token("crew:read", sites=list(sites) or None)
        answer = await house.ask("GET", "/v1/crew/skills", token=token)
        return {one["code"] for one in answer.json()["items"]}

    assert "DIVE" in await codes()
    assert "DIVE" not in await codes("P22")
    assert {"BA", "LGV"} <= await codes("P22")
    assert {"DIVE", "BA", "ERD", "LGV"} == await codes("P23")
    assert await codes("P99") == set()
