"""Who may see what of whom (Q59, spec D.10): every route of the desk, stations kept apart, contacts nowhere."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from service.core.sealing import Sealer
from service.crew.queries.reach import Reach, put_contacts
from service.crew.reports import REPORTS
from service.crew.rules.grid import DayGrid
from service.reporting.report import Report
from tests.access.matrix import routes
from tests.crew.house import House, open_house
from tests.crew.scenario import LABELS, appliance, cells, person, seen, settle_s1, station
from tests.support.ground import Ground

READ, WRITE, ADMIN = "crew:read", "crew:write", "crew:admin"
NAMES = ("ALDER", "BIRCH", "CEDAR", "DOGWOOD", "ELDER")
"""Of P22, which a caller of P23 never reads."""
FOREIGN = (*NAMES, "P22P6")
SECRET = ("01632 960", "crewmember", "example.org")
"""In every phone and address."""
AT = {"at": "2026-03-05T10:00:00Z"}
INSTANTS = {"from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}
DAYS = {"from": "2026-03-05", "to": "2026-03-05"}
P22 = {"station": "P22"}
CHANGE = {"crew_id": 1, "state": "unavailable", **INSTANTS}


@dataclass(frozen=True)
class Rule:
    """How an operation is asked for something of P22.

    `whole` is what somebody of every station is answered, `limited` somebody of P23. `lists`: without the
    station it shows the caller's own. `named`: it shows names and takes no `redact`, because it finds by
    name or is the earlier system's.
    """

    scope: str = READ
    params: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    whole: int = 200
    limited: int = 403
    lists: bool = False
    named: bool = False


OF_PERSON = Rule(limited=404)
OVER_PERSON = Rule(params=INSTANTS, limited=404)
FORMER = Rule(params=AT, limited=404)


def of_report(report: Report[Any, Any]) -> Iterator[tuple[str, Rule]]:
    """A report and its explanation, asked as their own examples ask: a new one needs no line here."""
    operation = f"GET /v1/crew/reports/{report.name}"
    lists = not report.params.model_fields["station"].is_required()
    yield operation, Rule(params=dict(report.example["params"]), lists=lists)
    if report.explain_example is not None:
        yield f"{operation}/explain", Rule(params=dict(report.explain_example["params"]))


RULES: dict[str, Rule] = {
    "GET /v1/crew": Rule(params={**P22, **AT}, lists=True),
    "GET /v1/crew/{crew_id}": OF_PERSON,
    "GET /v1/crew/{crew_id}/availability": Rule(params=AT, limited=404),
    "GET /v1/crew/{crew_id}/segments": OVER_PERSON,
    "GET /v1/crew/{crew_id}/blocks": OVER_PERSON,
    "GET /v1/crew/{crew_id}/hours": Rule(params={"week": "2026-W10"}, limited=404),
    "GET /v1/crew/hours": Rule(params={**P22, "week": "2026-W10"}),
    "POST /v1/crew/lookup": Rule(body={**P22, "names": ["ALDER, JO"]}, named=True),
    "POST /v1/crew/availability/batch": Rule(body={"crew_ids": [1], **INSTANTS}, limited=200),
    "GET /v1/crew/{crew_id}/contact": Rule(scope=ADMIN, limited=404),
    "PUT /v1/crew/{crew_id}/contact": Rule(scope=ADMIN, body={}, whole=428, limited=404),
    "DELETE /v1/crew/{crew_id}/contact": Rule(scope=ADMIN, limited=404),
    "GET /v1/crew/export/segments": Rule(params={**P22, **INSTANTS}, lists=True),
    "GET /v1/crew/appliances": Rule(params={**P22, **AT}, lists=True),
    "GET /v1/crew/appliances/{name}/status": Rule(params=AT, limited=404),
    "GET /v1/crew/appliances/{name}/forecast": Rule(params=INSTANTS, limited=404),
    "GET /v1/crew/appliances/{name}/gaps": Rule(params=INSTANTS, limited=404),
    "POST /v1/crew/appliances/{name}/what-if": Rule(body={"changes": [CHANGE]}, limited=404),
    "GET /v1/crew/appliances/{name}/rules": Rule(limited=404),
    "PUT /v1/crew/appliances/{name}/rules": Rule(scope=ADMIN, body={"rules": []}, whole=428, limited=404),
    "GET /v1/crew/coverage": Rule(params={**P22, **INSTANTS}),
    "GET /v1/crew/changes": Rule(params=P22, lists=True),
    "GET /v1/crew/changes/upcoming": Rule(params={**P22, **INSTANTS}, lists=True),
    "GET /v1/crew/stations": Rule(limited=200, lists=True),
    "GET /v1/crew/stations/{code}": Rule(),
    "GET /v1/crew/stations/{code}/live": Rule(whole=404),
    "POST /v1/crew/stations/{code}/unlock": Rule(scope=WRITE),
    "POST /v1/crew/sync": Rule(scope=WRITE, body=P22, whole=422),
    "POST /v1/crew/imports": Rule(scope=WRITE, params=P22, body={}, whole=415),
    "GET /v1/crew/imports/{run_id}/findings": Rule(scope=WRITE, whole=404, limited=404),
    "GET /v1/crew/reports": Rule(limited=200),
    **{operation: rule for report in REPORTS for operation, rule in of_report(report)},
    "GET /v1/crew/skills": Rule(limited=200),
    "PUT /v1/crew/skills/aliases/{alias}": Rule(scope=ADMIN, body={"code": "BA"}),
    "DELETE /v1/crew/skills/aliases/{alias}": Rule(scope=ADMIN),
    "GET /v1/crew/subscriptions": Rule(limited=200),
    "GET /v1/crew/subscriptions/{subscription_id}": Rule(whole=404, limited=404),
    "GET /v1/crew/subscriptions/{subscription_id}/deliveries": Rule(whole=404, limited=404),
    "POST /v1/crew/subscriptions": Rule(scope=WRITE, body={}, whole=422, limited=422),
    "POST /v1/crew/subscriptions/{subscription_id}/resume": Rule(scope=WRITE, whole=404, limited=404),
    "DELETE /v1/crew/subscriptions/{subscription_id}": Rule(scope=WRITE, whole=404, limited=404),
    "POST /v1/crew/statements": Rule(
        scope=WRITE, body={"report": "off-the-run", "params": {**P22, **DAYS}, "accept_incomplete": True},
        whole=201,
    ),
    "GET /v1/crew/board": Rule(params={**P22, **AT}, lists=True),
    "GET /crew": Rule(params=AT, limited=200, lists=True, named=True),
    **{
        f"GET /crew/{{crew_id}}/{part}": FORMER
        for part in ("available", "duration", "hours-this-week", "hours-planned-week", "contract-hours",
                     "hours-achieved", "hours-remaining")
    },
    "GET /appliances/{name}/available": FORMER,
    "GET /appliances/{name}/duration": FORMER,
    "GET /station/now": Rule(params=P22, whole=404),
    "POST /retrieve_more": Rule(scope=WRITE, params=P22, whole=404),
    "GET /fetch_status": Rule(params=P22),
}  # fmt: skip
ELSEWHERE = {
    # Asked as the sign of a mistyped number, of a file of any report, or for as long as somebody listens:
    # tests/crew/cases/test_people.py, test_reports_*.py and test_feed_stream.py.
    "GET /v1/crew/{crew_id}/{part}",
    "POST /v1/crew/reports/{report}/exports",
    "GET /v1/crew/stream",
}


@pytest.fixture(scope="module")
async def house(ground: Ground) -> AsyncIterator[House]:
    """S1 at P22, one person at P23."""
    url = await ground.clone()
    async with open_house(url, access={"key_per_minute": 0}) as opened:
        runtime = opened.runtime
        await settle_s1(runtime)
        fir = person("FIR, AN", "WC", "BA TTR", 61, cells([(0, 24)]))
        await seen(
            runtime,
            await station(runtime, "P23"),
            DayGrid(LABELS, 15, (fir,), (appliance([(0, 24)], "P23P1", 68),)),
        )
        yield opened
    await ground.drop(url)


@pytest.fixture(autouse=True)
async def reached(house: House) -> None:
    """Everybody has a contact, whoever deleted one before."""
    sealer = Sealer.of(house.runtime.settings)
    people = [Reach(n, f"01632 96000{n}", f"crewmember{n}@example.org", "Watch") for n in range(1, 7)]
    async with house.runtime.database.write() as conn:
        await put_contacts(conn, sealer, people)


async def ask(house: House, token: str | None, operation: str, rule: Rule, **more: Any) -> httpx.Response:
    method, path = operation.split()
    filled = (
        path.replace("{crew_id}", "1").replace("{name}", "P22P6").replace("{code}", "P22")
        .replace("{alias}", "B-A")
        .replace("{subscription_id}", "00000000-0000-4000-8000-000000000000")
        .replace("{run_id}", "00000000-0000-4000-8000-000000000000")
    )  # fmt: skip
    params = {name: value for name, value in {**rule.params, **more}.items() if value is not None}
    async with house.http(token) as http:
        return await http.request(method, filled, params=params, json=rule.body)


def own_routes(house: House) -> set[str]:
    """Every route of the desk; the second place of the earlier system's paths is like the first."""
    paths = ("/v1/crew", "/v1/legacy", "/crew", "/appliances", "/station", "/retrieve_more", "/fetch_status")
    found = {
        f"{one.method} {one.template}" for one in routes(house.app) if one.template.startswith(paths)
    }  # fmt: skip
    again = {name for name in found if "/v1/legacy/" in name}
    assert {name.replace("/v1/legacy", "") for name in again} <= found
    return found - again


def test_q59_every_route_has_a_rule(house: House) -> None:
    assert own_routes(house) == RULES.keys() | ELSEWHERE, "a new route needs a rule here"


async def test_q59_a_route_is_open_to_its_scope_and_closed_to_the_others(house: House) -> None:
    keys = {
        "nobody": None,
        "stranger": await house.token("attendance:admin"),
        "reader": await house.token(READ),
        "writer": await house.token(WRITE),
    }
    for operation, rule in RULES.items():
        got = {who: (await ask(house, key, operation, rule)).status_code for who, key in keys.items()}
        assert (got["nobody"], got["stranger"]) == (401, 403), operation
        assert (got["reader"] == 403) == (rule.scope != READ), operation
        assert (got["writer"] == 403) == (rule.scope == ADMIN), operation


async def test_q59_a_caller_of_one_station_is_shown_nothing_of_another(house: House) -> None:
    limited, whole = await house.token(ADMIN, sites=["P23"]), await house.token(ADMIN)
    for operation, rule in RULES.items():
        full = await ask(house, whole, operation, rule)
        answer = await ask(house, limited, operation, rule)
        assert full.status_code == rule.whole, (operation, full.text)
        assert answer.status_code == rule.limited, (operation, answer.text)
        if answer.status_code < 300:
            assert not any(word in answer.text for word in FOREIGN), operation
        if rule.lists:
            own = await ask(house, limited, operation, rule, station=None)
            assert own.status_code == 200, (operation, own.text)
            assert not any(word in own.text for word in FOREIGN), operation


async def test_contacts_stand_in_no_answer_but_their_own(house: House) -> None:
    admin = await house.token(ADMIN)
    shown = set()
    for operation, rule in RULES.items():
        text = (await ask(house, admin, operation, rule)).text
        if any(word in text for word in SECRET):
            shown.add(operation)
    assert shown == {f"{method} /v1/crew/{{crew_id}}/contact" for method in ("GET", "DELETE")}


async def test_what_shows_names_can_show_numbers_instead(house: House) -> None:
    reader = await house.token(READ)
    named, hidden = set(), set()
    for operation, rule in RULES.items():
        if rule.scope != READ:
            continue
        plain = await ask(house, reader, operation, rule)
        if not any(name in plain.text for name in NAMES):
            continue
        number = {"name": "#1"} if "name" in rule.params else {}
        again = await ask(house, reader, operation, rule, redact="true", **number)
        if again.status_code == 200:
            assert not any(name in again.text for name in NAMES), operation
            hidden.add(operation)
        else:
            assert again.json()["errors"][0]["code"] == "unknown_parameter", operation
            named.add(operation)
    assert named == {operation for operation, rule in RULES.items() if rule.named}
    assert len(hidden) > 8


async def test_a_key_for_a_station_that_is_not_there_sees_nobody(house: House) -> None:
    lost = await house.token(READ, sites=["P99"])
    for operation, rule in RULES.items():
        if rule.scope == READ:
            answer = await ask(house, lost, operation, rule)
            words = NAMES if answer.status_code >= 400 else (*FOREIGN, "FIR, AN", "P23P1")
            assert not any(word in answer.text for word in words), operation
