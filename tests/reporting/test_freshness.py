"""How long an answer is kept: data versions, the next change, defaults of the clock, and not at all."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.core.auth import SYSTEM
from service.core.errors import Unavailable
from service.reporting import BuildContext, Built, Report
from service.reporting.answer import Answer, ask, params_of
from tests.reporting.conftest import CALLERS, House
from tests.reporting.stall import TAKINGS, TakingsAsk, build_takings, sell_and_tell


def counting(*next_changes: timedelta, **changed: object) -> tuple[Report, list[datetime]]:
    """The takings, noting each build; the n-th answer changes after the n-th of `next_changes`, or its last."""
    builds: list[datetime] = []

    async def build(conn: object, asked: TakingsAsk, context: BuildContext) -> Built:
        builds.append(context.now)
        built = await build_takings(conn, asked, context)
        after = next_changes[: len(builds)][-1:]
        return replace(built, next_change=context.now + after[0] if after else None)

    return replace(TAKINGS, build=build, **changed), builds


async def test_one_build_for_equal_questions(house: House) -> None:
    report, builds = counting()
    for _ in range(3):
        await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM)
    await ask(house.runtime, "stall", report, TakingsAsk(site="North"), SYSTEM)
    await ask(house.runtime, "stall", report, TakingsAsk(), CALLERS["reader"])
    assert len(builds) == 3


async def test_a_commit_makes_the_kept_answer_unreachable(house: House) -> None:
    report, builds = counting()
    before = (await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM))[1]
    raised = await sell_and_tell(house.runtime.database, house.runtime.versions, "fig", date(2026, 10, 9), 1)
    after = (await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM))[1]
    assert len(builds) == 2
    unsealed = {"stall/statements/takings": 0}
    assert before.versions == {"stall/sales": 0} | unsealed
    assert after.versions == raised | unsealed


async def test_q39_a_commit_of_another_replica_is_seen_with_its_version(house: House) -> None:
    """The other replica's notice may still be under way: `Min-Data-Version` waits for it."""
    report, _ = counting()
    await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM)
    async with house.runtime.database.write() as conn:
        from service.core.versions import raise_versions

        raised = await raise_versions(conn, ["stall/sales"])
    answer = (await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM, minimum=raised))[1]
    assert answer.versions == raised | {"stall/statements/takings": 0}


async def test_who_has_seen_less_than_is_known_is_not_given_what_was_kept_for_then(house: House) -> None:
    """A writer sends the version of the write along; somebody asked at that version; then another write."""
    report, _ = counting()
    database, versions = house.runtime.database, house.runtime.versions
    first = await sell_and_tell(database, versions, "fig", date(2026, 10, 9), 1)
    await ask(house.runtime, "stall", report, TakingsAsk(), CALLERS["reader"], minimum=first)
    second = await sell_and_tell(database, versions, "fig", date(2026, 10, 10), 2)
    answer = (await ask(house.runtime, "stall", report, TakingsAsk(), CALLERS["reader"], minimum=first))[1]
    assert answer.versions == second | {"stall/statements/takings": 0}


async def test_an_answer_lives_until_its_next_change(house: House) -> None:
    report, builds = counting(timedelta(0), timedelta(hours=1))
    first = (await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM))[1]
    assert first.expires_at is not None
    await asyncio.sleep(1.05)  # the shortest life there is
    second = (await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM))[1]
    assert (await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM))[1] == second
    assert len(builds) == 2
    assert second.expires_at is not None
    assert second.expires_at > first.expires_at


async def test_a_change_in_the_past_does_not_build_for_ever(house: House) -> None:
    report, builds = counting(timedelta(days=-1))
    for _ in range(5):
        await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM)
    assert len(builds) == 1


async def test_no_lifetime_keeps_nothing(house: House) -> None:
    report, builds = counting(lifetime=timedelta(0))
    for _ in range(2):
        await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM)
    assert len(builds) == 2


async def test_nothing_is_kept_while_versions_cannot_be_trusted(house: House) -> None:
    report, builds = counting()
    await house.runtime.versions.close()
    assert not house.runtime.versions.trusted
    for _ in range(2):
        await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM)
    assert len(builds) == 2


async def test_a_failed_build_is_not_remembered(house: House) -> None:
    report, builds = counting()
    failing = replace(report, build=fail)
    with pytest.raises(Unavailable):
        await ask(house.runtime, "stall", failing, TakingsAsk(), SYSTEM)
    await ask(house.runtime, "stall", report, TakingsAsk(), SYSTEM)
    assert len(builds) == 1


async def fail(*_: object) -> Built:
    """A build whose source is away."""
    raise Unavailable("the till is closed")


def test_an_answer_survives_its_packing() -> None:
    answer = Answer(
        body=b'{"a":1}\n2',
        versions={"stall/sales": 3},
        complete=False,
        expires_at=datetime(2026, 10, 1, tzinfo=UTC),
        digest="d",
        generated_at=None,
    )
    assert Answer.unpacked(answer.packed()) == answer
    assert answer.passed()


def test_params_travel_under_their_wire_names() -> None:
    assert params_of(TakingsAsk(site="North"))["from"] == "2026-10-01"
