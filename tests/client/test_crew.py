"""Q57 at the crew desk: every operation, called over a real database with the document's own examples."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.client import EventStream, MusterClient, Refused
from service.crew.answers import listening
from service.schemas.envelope import Run
from service.schemas.statements import StatementAsk
from service.schemas.subscriptions import SubscriptionAsk
from service.simulators.gartan import GartanServer
from tests.client.operations import given, operations
from tests.crew.following import CREW, following
from tests.crew.house import House
from tests.crew.scenario import settle_s1

DAY = {"from_": "2026-03-05", "to": "2026-03-05"}
RANGE = {"from_": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}
NOON = "2026-03-05T12:00:00Z"
TURNOUT = {"report": "turnout", "params": {"station": "P22", "at": "2026-03-05T10:00:00Z", "redact": False}}
MONTHLY = {
    "report": "turnout", "format": "csv", "cron": "0 7 1 * *", "timezone": "UTC", "channel": "email",
    "target": "a@b.example",
}  # fmt: skip
THINGS: dict[str, Any] = {
    "name": "P22P6", "station": "P22", "code": "P22", "appliance": "P22P6", "crew_id": 1, "alias": "LGV1",
    "report": "turnout", "figure": "available_seconds",
}  # fmt: skip
"""What an argument names, in S1."""
OF_THEIR_OWN: dict[str, dict[str, Any]] = {
    "export": {"body": {"format": "csv", "params": {"station": "P22"}}},
    "export_segments": RANGE,
    "person_blocks": RANGE,
    "person_segments": RANGE,
    "import_file": {"zone": "Europe/London", "as_of": NOON},
    "replace_appliance_rules": {"if_match": "0"},
    "put_contact": {"if_match": "*"},
    "coverage_explain": {"at": NOON},
    "forecast_explain": {"since": "2026-03-05T09:00:00Z"},
    "gaps_explain": {"since": "2026-03-05T09:00:00Z"},
    "turnout": {"station": "P22"},
    "turnout_explain": {"station": "P22", "at": NOON},
    "hours": {"station": "P22"},
    "hours_explain": {"station": "P22", "at": NOON},
    "fairness_explain": DAY,
    "gap_cover_explain": DAY,
    "availability_explain": {**DAY, "starts_at": "2026-03-05T00:00:00Z"},
    "recovery_explain": {**DAY, "crew_id": 4, "starts_at": "2026-03-05T00:00:00Z"},
    "off_the_run_explain": {**DAY, "by": "day", "period": "2026-03-05", "figure": "off_seconds"},
    "monthly_return_explain": {"month": "2026-03", "kind": "crew", "name": "ALDER, JO"},
}
"""Arguments of one operation only."""
NOTHING_THERE = {"import_findings"}
"""No import has ended here, as nothing is carried out."""
FIRST = ("put_contact",)
LATER = ("delete_contact", "delete_skill_alias", "unsubscribe")
"""What makes, and what takes away, the things that others ask for."""


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """S1 at a station that is followed."""
    async with GartanServer(CREW) as server, following(database_url, server) as opened:
        await settle_s1(opened.runtime)
        yield opened


async def things(muster: MusterClient) -> dict[Any, Any]:
    """One thing of every kind that an operation may name, made here."""
    made = await muster.crew.subscribe(SubscriptionAsk.model_validate(MONTHLY))
    return THINGS | {
        SubscriptionAsk: MONTHLY,
        StatementAsk: {**TURNOUT, "accept_incomplete": True},
        "subscription_id": made.id,
    }


async def test_q57_every_operation_of_the_crew_desk_answers_what_the_client_promises(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "LONGEST", 0.1)  # the stream is one text here, and a minute long
    transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
    answered: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    async with MusterClient("http://muster.test", house.admin, transport=transport, retries=0) as muster:
        known = await things(muster)
        specs = operations("crew")
        for name in sorted(specs, key=lambda name: (name in LATER, name not in FIRST, name)):
            method = getattr(muster.crew, name)
            try:
                answer = method(**given(method, specs[name], known, OF_THEIR_OWN.get(name, {})))
                answered[name] = await (anext(answer) if isinstance(answer, EventStream) else answer)
            except Refused as refused:
                wrong[name] = str(refused)
                continue
            if isinstance(answered[name], Run):
                known["run_id"] = answered[name].id
                await muster.runs.cancel(answered[name].id)  # a job runs once at a time
    assert wrong.keys() == NOTHING_THERE, wrong
    assert len(answered) >= 60
