"""People are told ahead of a gap: those who could close it, each once, and of nobody else (issue 6.4)."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from service.core.mail import OUTBOX
from service.core.sealing import Sealer
from service.core.tasks import JobContext
from service.core.tasks.job import NoParams
from service.crew.queries.reach import Reach, put_contacts
from service.crew.warning.job import warn_of
from tests.crew.house import House, open_house
from tests.crew.scenario import S1, cells, person, seen, station
from tests.support.ground import Ground

NOW = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


@pytest.fixture
async def told(ground: Ground, tmp_path: Path) -> AsyncIterator[House]:
    """S1 as it was seen just before `NOW`; everybody but BIRCH can be reached."""
    url = await ground.clone()
    async with open_house(url, home=tmp_path) as opened:
        made = await station(opened.runtime)
        await seen(opened.runtime, made, S1, fetched=NOW - timedelta(minutes=1))
        async with opened.runtime.database.write() as conn:
            sealer = Sealer.of(opened.runtime.settings)
            people = [Reach(one, email=f"crew{one}@example.org") for one in (1, 3, 4, 5)]
            await put_contacts(conn, sealer, people)
        yield opened
    await ground.drop(url)


def letters(house: House) -> Mapping[str, Any]:
    """What lies in the outbox, by whom it is to."""
    read = (
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in sorted((house.runtime.settings.home / OUTBOX).glob("*.eml"))
    )
    return {str(one["To"]): one for one in read}


async def warned(house: House, now: datetime = NOW) -> Mapping[str, int]:
    """The job as if it were then; what it counted."""
    run = await house.runtime.tasks.run_now("crew.warn", {}, "test")
    context = JobContext(house.runtime, run.id, NoParams())
    await warn_of(context, now)
    return context.counts


async def test_those_who_could_close_the_gap_are_told_and_nobody_else(told: House) -> None:
    counts = await warned(told)
    assert (counts["mails_sent"], counts["gaps_told_written"]) == (3, 1)
    sent = letters(told)
    # CEDAR is there all the time, BIRCH has no address; the others are off in a part of the gap.
    assert sorted(sent) == ["crew1@example.org", "crew4@example.org", "crew5@example.org"]
    alder = sent["crew1@example.org"]
    assert alder["Subject"] == "P22P6 off the run Thu 5 March 2026 09:00 (GMT)"
    text = alder.get_content()
    assert "from   Thu 5 March 2026 09:00 (GMT)" in text
    assert "until  Thu 5 March 2026 18:00 (GMT)" in text
    assert "- If you book on from Thu 5 March 2026 09:00 (GMT) until Thu 5 March 2026 12:00 (GMT)" in text
    assert "you and 1 more of those who were asked book on from Thu 5 March 2026 12:00 (GMT)" in text
    for other in ("DOGWOOD", "ELDER", "BIRCH", "CEDAR", "crew4"):
        assert other not in text
    [audit] = await told.sql("SELECT after FROM muster.audit WHERE what = 'crew.warned'")
    assert audit.after == {"from": "2026-03-05T09:00:00+00:00", "people": 3}


async def test_each_stretch_is_told_of_once(told: House) -> None:
    await warned(told)
    assert (await warned(told, NOW + timedelta(minutes=1)))["mails_sent"] == 0
    assert len(letters(told)) == 3


async def test_old_data_tell_nobody_anything(told: House) -> None:
    counts = await warned(told, NOW + timedelta(minutes=40))
    assert (counts["stations_stale"], letters(told)) == (1, {})


async def test_a_gap_that_is_too_far_ahead_waits(told: House) -> None:
    early = datetime(2026, 3, 4, 8, 59, tzinfo=UTC)
    await told.sql("UPDATE crew.day_version SET fetched_at = :at", at=early)
    assert (await warned(told, early))["mails_sent"] == 0


async def test_everybody_who_could_close_the_gap_is_told_however_many_there_are(told: House) -> None:
    off = [person(f"RESERVE {at:02}, AB", "FFD", "BA", 40, cells([])) for at in range(25)]
    made = await station(told.runtime)
    grid = replace(S1, crew=(*S1.crew, *off))
    await seen(told.runtime, made, grid, fetched=NOW - timedelta(seconds=30))
    ids = [
        row.id for row in await told.sql("SELECT id FROM crew.crew_member WHERE grid_name LIKE 'RESERVE%'")
    ]
    async with told.runtime.database.write() as conn:
        people = [Reach(one, email=f"crew{one}@example.org") for one in ids]
        await put_contacts(conn, Sealer.of(told.runtime.settings), people)
    await warned(told)
    assert {f"crew{one}@example.org" for one in ids} <= set(letters(told))
