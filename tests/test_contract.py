"""Q56: requests made from the OpenAPI document, right and wrong ones, against the running service.

No answer is a 5xx, and each is one that the document has: status, content type, headers and body. The few
examples of `make test` are the same each time; `make prove` tries many and all desks.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import hypothesis
import pytest
import requests
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.reporting.clientcode._operations import method_name
from tests.children.everything import THINGS, WHO, arrange
from tests.children.house import House, open_house
from tests.client.serving import serving
from tests.mill import everything as mill

PROVE: Final = bool(os.environ.get("MUSTER_PROVE"))
EXAMPLES: Final = 100 if PROVE else 2
OF_PLATFORM: Final = {405, 413, 415}
"""Answered in front of the routes, to whatever path."""
CHECKS: Final = [not_a_server_error, content_type_conformance, response_headers_conformance]
SAMPLE: Final = ("/v1/gaps", "/v1/runs", "/v1/statements", "/v1/attendance/people", "/v1/alerts")
DRAINED: Final = ("/v1/monitoring/profile", "/v1/runs/{run_id}/events", "/v1/live", "/v1/crew/stream")
"""They answer for as long as somebody listens."""
AS: Final = {"access": "AD", "children": "G1"}
"""Who calls at a desk, where nothing else is said; an admin key elsewhere."""


@dataclass(frozen=True)
class Served:
    """The running service: its address, its document, and what each caller shows."""

    url: str
    document: dict[str, Any]
    tokens: dict[str, str]


@asynccontextmanager
async def served(database_url: str) -> AsyncIterator[Served]:
    """A replica on a real socket over the families of F0 and the mill of F-58, one thing of every kind."""
    limits = {"person_per_minute": 0, "exports_per_minute": 0}
    async with open_house(database_url, access=limits) as house:
        await arrange(house)
        await mill.arrange(house)
        async with serving(house.app) as url:
            yield Served(url, house.app.openapi(), await _tokens(house))


async def _tokens(house: House) -> dict[str, str]:
    people = {"G1", "G2", "E1", "AD", *WHO.values()}
    return {name: house.token(name) for name in people}


@pytest.fixture
def service(database_url: str) -> Iterator[Served]:
    """The service on a thread of its own: schemathesis asks and waits."""
    ready: list[Served] = []
    told, stop = threading.Event(), asyncio.Event()
    loop: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loop.append(asyncio.get_running_loop())
        async with served(database_url) as one:
            ready.append(one)
            told.set()
            await stop.wait()

    def work() -> None:
        try:
            asyncio.run(run())
        finally:
            told.set()

    thread = threading.Thread(target=work)
    thread.start()
    told.wait()
    assert ready
    try:
        yield ready[0]
    finally:
        loop[0].call_soon_threadsafe(stop.set)
        thread.join()


def chosen(path: str) -> bool:
    """Whether an operation is tried: those of three desks and of people and a sample, or all of them."""
    if path in DRAINED:
        return False
    return PROVE or path.startswith(("/v1/access", "/v1/children", "/v1/crew", "/v1/mill", *SAMPLE))


def ways(turn: int, real_ones: bool) -> list[tuple[GenerationMode, bool]]:
    """How an operation is asked: rightly and wrongly, each of real things and of made-up ones.

    `make test` takes one of the four by turns: half a minute goes into making up what is asked. That every
    operation rightly asked answers as it promises is also seen by the client's tests (Q57).
    """
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if PROVE:
        return [(mode, real) for mode in modes for real in ((True, False) if real_ones else (False,))]
    return [(modes[turn % 2], real_ones and turn % 4 < 2)]


def places_of(operation: Any) -> dict[str, Any]:
    """The names in its path with the thing that each stands for, None where there is none."""
    things = mill.THINGS if operation.path.startswith("/v1/mill") else THINGS
    return {one.name: things.get(one.name) for one in operation.path_parameters}


def has_things(operation: Any) -> bool:
    """Whether everything that its path names is there."""
    named = places_of(operation)
    return bool(named) and None not in named.values()


def test_q56_answers_are_those_of_the_document(service: Served) -> None:
    """Real things in the paths, and paths made up as well."""
    schema = schemathesis.openapi.from_dict(service.document)
    found: dict[str, str] = {}
    tried = 0
    with requests.Session() as session:
        for result in schema.get_all_operations():
            operation = result.ok()
            if not chosen(operation.path):
                continue
            tried += 1
            for mode, real in ways(tried, has_things(operation)):
                told = _tried(service, session, operation, mode, real)
                if told is not None:
                    found[f"{operation.label} {mode.value}"] = told
    assert found == {}
    assert tried > 50


def _tried(
    service: Served, session: requests.Session, operation: Any, mode: GenerationMode, real: bool
) -> str | None:
    """What was wrong with an answer, or None; `real`: of real things."""
    places = places_of(operation) if real else None
    desk = operation.definition.raw["tags"][0]
    who = WHO.get(f"{desk}.{method_name(desk, operation.definition.raw)}", AS.get(desk, "AD"))
    headers = {"Authorization": f"Bearer {service.tokens[who]}"}

    @hypothesis.seed(27)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode, path_parameters=places))
    def ask(case: Any) -> None:
        answer = case.call(base_url=service.url, session=session, headers=headers, timeout=120)
        checks = [*CHECKS]
        if answer.status_code not in OF_PLATFORM:
            checks += [status_code_conformance, response_schema_conformance]
        case.validate_response(answer, checks=checks, headers=headers)

    try:
        ask()
    except hypothesis.errors.Unsatisfiable:
        return None
    except (Exception, FailureGroup) as error:
        found = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
        return "; ".join(str(one) for one in found)[:1500]
    return None
