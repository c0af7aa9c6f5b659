"""Q57 at the desks of people and children: every operation, called as somebody who may, over a real database."""

import inspect
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import islice
from operator import attrgetter
from typing import Any, get_type_hints

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter

from service.children.analytics.explained import figures_in
from service.client import Invalid, MusterClient, NotAllowed, NotFound, Refused, TimedOut
from service.reporting.clientcode._operations import by_desk, method_name
from tests.children.everything import THINGS, TO_END, WHO, arrange, dated
from tests.children.family import PASSWORD
from tests.children.house import House, open_house

CALLERS = ("G1", "E1", "AD")
"""Tried in this order where `WHO` does not say who calls."""
MOST_FIGURES = 6
"""Of a section's figures so many are tried, by their path within it and from the whole answer."""
PLACES: dict[str, dict[str, Any]] = {
    "children.archive": {"child_id": 3},
    "children.restore": {"child_id": 3},
    "children.ask_for_erasure": {"child_id": 2},
    "children.void_activity": {"activity_id": 511},
    "children.void_note": {"note_id": 512},
    "children.delete_note": {"note_id": 512},
    "children.hand_over": {"user_id": 19},
    "children.remove_guardian": {"user_id": 3},
    "children.void_session": {"session_id": 9},
    "children.rate_session": {"session_id": 7},
    "children.abandon_session": {"session_id": 507},
    "children.interrupt_session": {"session_id": 508},
    "access.key": {"key_id": "k1k1k1k1"},
    "access.give_role": {"person_id": 20},
    "access.take_role": {"person_id": 20},
    "children.correct_report": {"report_id": 514},
    "children.report_changes": {"report_id": 514},
    "children.export_report": {"report_id": 514},
    "children.shares": {"report_id": 514},
    "children.share_report": {"report_id": 514},
    "children.unshare_report": {"report_id": 514, "share_id": TO_END},
    "children.unsubscribe": {"subscription_id": TO_END},
    "children.move_report": {"report_id": 515},
    "children.remove_report": {"report_id": 516},
    "children.summary_explain": {"figure": "score.mean"},
    "children.trends_explain": {"figure": "score.delta"},
    "children.timeseries_explain": {"figure": "bucket"},
    "children.series_explain": {"figure": "sessions.507.score"},
    "children.emotions_explain": {"figure": "sessions.tracked"},
    "children.activities_explain": {"figure": "total"},
    "children.by_type_explain": {"figure": "types.dental_visit.total"},
    "children.streaks_explain": {"figure": "current"},
    "children.comparison_explain": {"figure": "figures.score.value"},
    "children.progress_explain": {"figure": "score"},
    "children.session_figures_explain": {"session_id": 508, "figure": "accuracy"},
    "children.caseload_explain": {"figure": "score"},
}
"""What a path names, where it is not one of `THINGS`."""
BODIES: dict[str, dict[str, Any]] = {
    "children.ask_for_erasure": {"confirm_name": "Leo"},
    "children.change_assignment": {"action": "accept"},
    "children.invite": {"professional_id": 18},
    "children.add_guardian": {"email": "g4@example.org", "access": "full"},
    "access.token": {"username": "g1@example.org", "password": PASSWORD},
    "access.change_password": {"current_password": PASSWORD},
    "access.erase_me": {"password": PASSWORD},
    "access.create_ingest_token": {"child_id": 1},
    "access.create_key": {"scopes": ["sessions:write"], "child_ids": [1], "sites": None},
    "children.complete_session": {"ended_at": None},
    "children.export": {"format": "csv"},
    "access.give_role": {"role": "viewer", "places": None},
    "children.subscribe": {"params": {"child_id": 1}, "target": "g1@example.org"},
}
"""Fields of a body that differ from the document's example."""
REFUSED = {
    "access.refresh": (401,),
    "access.logout": (204, 401),
    "access.verify_email": (400,),
    "access.reset_password": (400,),
    "access.accept_invitation": (400,),
    # No copy is ready here, as jobs are not carried out; nobody else has to approve this erasure.
    "children.download_export": (404, 409, 410),
    "children.approve_erasure": (403, 404, 409),
    "children.export": (404, 422),
    # No session of the last thirty days was completed.
    "children.series_explain": (422,),
}
"""Operations that need what an example does not hold, such as a token out of a mail."""


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    """The families of F0 with one thing of every kind, and nobody held back."""
    limits = {"person_per_minute": 0, "exports_per_minute": 0}
    async with open_house(database_url, access=limits) as opened:
        await arrange(opened)
        yield opened


class Callers:
    """A client for each of F0."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.answered: dict[str, Any] = {}
        self.wrong: dict[str, str] = {}

    async def call(self, name: str, spec: dict[str, Any]) -> None:
        """Call one operation, and note what it gave or why it did not."""
        for who in [WHO[name]] if name in WHO else CALLERS:
            try:
                self.answered[name] = await self._as(who, name, spec)
                self.wrong.pop(name, None)
                return
            except KeyError as unknown:
                self.wrong[name] = f"no value for {unknown}"
            except TimedOut as late:
                self.wrong[name] = f"{who}: {late}"
            except Refused as refused:
                if refused.status in REFUSED.get(name, ()):
                    self.answered[name] = refused
                    return
                self.wrong[name] = f"{self.wrong.get(name, '')} {who}: {refused}"
                if not isinstance(refused, NotAllowed | NotFound | Invalid):
                    return

    async def _as(self, who: str, name: str, spec: dict[str, Any]) -> Any:
        transport = httpx.ASGITransport(self.house.app, raise_app_exceptions=False)
        async with MusterClient(
            "http://muster.test", self.house.token(who), transport=transport, retries=0, timeout=20
        ) as one:
            method = attrgetter(name)(one)
            last: Exception = KeyError(f"a figure of {name}")
            for more in self._tries(name, method):
                try:
                    return await method(**_given(method, name, spec) | more)
                except Refused as refused:
                    last = refused
                    if refused.status != 412 and "figure" not in more:
                        raise
        raise last

    def _tries(self, name: str, method: Any) -> Iterator[dict[str, Any]]:
        """What an example cannot know: the version there is, or a figure that the section has."""
        if "if_match" in inspect.signature(method).parameters:
            yield from ({"if_match": version} for version in range(1, 9))
        elif "figure" in PLACES.get(name, {}):
            yield {"figure": PLACES[name]["figure"]}
        elif name.endswith("_explain") and "figure" in inspect.signature(method).parameters:
            section = name.removesuffix("_explain").replace(".activities", ".activity_figures")
            answer = self.answered[section]
            parts = [getattr(answer, name) for name in type(answer).model_fields if name != "window"]
            for part in parts:
                if isinstance(part, BaseModel) and type(part).__name__ not in {"Meta", "Completeness"}:
                    with suppress(RuntimeError):  # a list without names is no figure's way
                        yield from ({"figure": one} for one in islice(figures_in(part), MOST_FIGURES))
        else:
            yield {}


def _given(method: Any, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """The required arguments: what is named from `THINGS`, the body from the document's example."""
    hints = get_type_hints(method)
    places = THINGS | PLACES.get(name, {})
    given: dict[str, Any] = {}
    for one in inspect.signature(method).parameters.values():
        if one.name == "body":
            given["body"] = TypeAdapter(hints["body"]).validate_python(_body(name, spec), by_alias=True)
        elif one.default is one.empty and one.name not in {"figure", "if_match"}:
            given[one.name] = places[one.name]
    return given


def _body(name: str, spec: dict[str, Any]) -> Any:
    media = next(iter(spec["requestBody"]["content"].values()))
    example = media.get("example") or next(iter(media.get("examples", {"": {"value": {}}}).values()))["value"]
    return dated(example) | BODIES.get(name, {}) if isinstance(example, dict) else dated(example)


async def test_q57_every_operation_on_people_and_children_answers_what_the_client_promises(
    house: House,
) -> None:
    """With the document's own examples as bodies, so that whoever copies one is not refused."""
    callers = Callers(house)
    for desk, specs in by_desk(house.app.openapi()).items():
        for _, _, spec in specs if desk in {"access", "children"} else []:
            await callers.call(f"{desk}.{method_name(desk, spec)}", dict(spec))
    assert not callers.wrong, "\n".join(f"{name}: {why}" for name, why in callers.wrong.items())
    assert len(callers.answered) >= 40
