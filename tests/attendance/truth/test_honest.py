"""Q7: losses of every kind at random; `complete: true` is never stated wrongly, and never false without a loss.

Each loss is judged by three answers over the same dates: the sheet, the days and the check-ins. What one of
them calls complete must be what it says once the loss is healed; and healed it must be complete again.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.attendance.queries.completeness import select_complete_through
from service.attendance.upstream.client import site_memories
from tests.attendance.truth import losses
from tests.attendance.truth.chain import FULL_SIZE, PATIENT, Chain, cloned, open_chain, sized
from tests.attendance.truth.losses import Firm, Heal, small_firm
from tests.support.ground import Ground

QUICK = {"retries": 0, "page": 10, "max_page": 10, "max_in_flight": 2}
pytestmark = PATIENT
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Ids of our own rows differ between two databases with the same content.
OWN = frozenset({"id", "punches", "generated_at"})


@dataclass(frozen=True)
class Stated:
    """One answer: whether it calls itself complete, why not, and its rows."""

    complete: bool
    as_of: str | None
    why: str
    rows: list[Any]


async def stated(chain: Chain, firm: Firm) -> dict[str, Stated]:
    """What the three answers say of the firm's two weeks."""
    asked = {"from_": str(firm.start), "to": str(firm.end)}
    answers = {"sheet": await chain.sheet(**asked)}
    for name in ("days", "checkins"):
        answers[name] = await chain.listed(f"/v1/attendance/{name}", **asked)
    return {name: _stated(answer) for name, answer in answers.items()}


def _stated(answer: dict[str, Any]) -> Stated:
    meta = answer["meta"]
    rows = [{key: value for key, value in row.items() if key not in OWN} for row in answer["items"]]
    rows.sort(key=lambda row: str(sorted(row.items(), key=lambda item: item[0])))
    why = [*meta["incomplete_reasons"], *(gap["have"] for gap in meta["gaps"])]
    return Stated(meta["complete"], meta["as_of"], "; ".join(why), rows)


async def mend(chain: Chain, firm: Firm, heal: Heal) -> None:
    """The loss is over; what was put off is due; the nightly comparison runs."""
    heal()
    site_memories()[str(chain.runtime.settings.upstream.frappe.url)].breaker.reset()
    async with chain.runtime.database.write() as conn:
        await conn.execute(text("UPDATE attendance.sync_window SET updated_at = now() - interval '2 hours'"))
        await conn.execute(text("UPDATE attendance.sync_cursor SET checked_at = now() - interval '2 hours'"))
    run = await chain.sync(mode="reconcile", from_=str(firm.start), to=str(firm.end))
    assert run.state == "done", run.error or run.result


def wrongly(before: dict[str, Stated], truth: dict[str, Stated]) -> list[str]:
    """Answers that called themselves complete and were not."""
    return [name for name, said in before.items() if said.complete and said.rows != truth[name].rows]


Strike = Callable[[Firm, random.Random], Heal]
FIRST: dict[str, Strike] = {
    "a page fails for ever": losses.page_fails_for_ever,
    "a row is swallowed": losses.row_swallowed,
    "a person is swallowed": lambda firm, dice: losses.row_swallowed(firm, dice, "Employee"),
    "a leave is swallowed": lambda firm, dice: losses.row_swallowed(firm, dice, "Leave Application"),
    "a row is unreadable": losses.row_unreadable,
    "a doctype is forbidden": losses.doctype_forbidden,
    "the site dies midway": losses.site_dies_midway,
}


async def test_q7_before_the_first_sync_every_answer_says_that_there_was_none(database_url: str) -> None:
    """A site that refuses us from the first request on is no reason for an error here."""
    async with small_firm() as firm, open_chain(database_url, firm.server, **QUICK) as chain:
        losses.striking(firm, losses.faults.credential_refused())
        said = await stated(chain, firm)
        assert {name: (answer.complete, answer.rows) for name, answer in said.items()} == {
            name: (False, []) for name in said
        }
        assert (await chain.sync()).state == "failed"
        assert not any(answer.complete for answer in (await stated(chain, firm)).values())


async def test_q7_losses_during_a_first_load(ground: Ground) -> None:
    size = sized("Q7 losses during a first load", 100, len(FIRST))
    dice = random.Random(70)
    struck = []
    async with small_firm() as firm:
        truth = await _truth(ground, firm)
        kinds = [*FIRST, *dice.choices([*FIRST], k=max(0, size - len(FIRST)))]
        for number, kind in enumerate(kinds):
            async with cloned(ground) as url, open_chain(url, firm.server, **QUICK) as chain:
                await chain.recompute()
                heal = FIRST[kind](firm, dice)
                run = await chain.sync()
                before = await stated(chain, firm)
                print(
                    number,
                    kind,
                    run.state,
                    (run.error or {}).get("detail"),
                    {name: said.why or said.complete for name, said in before.items()},
                )
                struck += [(number, kind, name) for name in wrongly(before, truth)]
                await mend(chain, firm, heal)
                after = await stated(chain, firm)
                struck += [
                    (number, kind, name, said.why) for name, said in after.items() if not said.complete
                ]
                assert {name: said.rows for name, said in after.items()} == {
                    name: said.rows for name, said in truth.items()
                }
    assert struck == [], "\n".join(map(str, struck))


async def _truth(ground: Ground, firm: Firm) -> dict[str, Stated]:
    """What an undisturbed first load of the site as it is says."""
    async with cloned(ground) as url, open_chain(url, firm.server) as chain:
        run = await chain.sync()
        assert run.state == "done"
        truth = await stated(chain, firm)
        tail = await chain.sheet(from_=str(firm.start), to=str(firm.end + timedelta(days=6)))
    assert all(said.complete for said in truth.values()), truth
    assert tail["meta"]["complete"] is False
    assert "the last day ends after that" in " ".join(tail["meta"]["incomplete_reasons"])
    return truth


FOLLOWING: dict[str, Strike] = {
    "no loss": losses.no_loss,
    "a page fails for ever": losses.page_of_news_fails,
    "a row is swallowed": losses.news_swallowed,
    "a leave is swallowed": losses.new_leave_swallowed,
    "a row is unreadable": losses.news_unreadable,
    "a doctype is forbidden": losses.news_and_a_forbidden_doctype,
    "the site dies midway": losses.news_and_a_site_that_dies,
    "a week is not compared": losses.week_not_compared,
    "days are dirty": losses.no_loss,
}


async def test_q7_losses_while_following_a_site_in_use(ground: Ground) -> None:
    """Without overlap, so that a run that went well claims everything up to its start."""
    size = sized("Q7 losses while following", 100, 7)
    dice = random.Random(71)
    struck: list[Any] = []
    async with (
        cloned(ground) as url,
        small_firm() as firm,
        open_chain(url, firm.server, **QUICK, overlap_seconds=0) as chain,
    ):
        assert (await chain.sync()).state == "done"
        for number, kind in enumerate(
            [*FOLLOWING, *dice.choices([*FOLLOWING], k=max(0, size - len(FOLLOWING)))]
        ):
            through = await known_through(chain)
            heal = FOLLOWING[kind](firm, dice)
            during = await _followed(chain, firm, kind)
            print(number, kind, {name: said.why or said.complete for name, said in during.items()})
            heal()
            site_memories()[str(chain.runtime.settings.upstream.frappe.url)].breaker.reset()
            await chain.sync()
            healing = await stated(chain, firm)
            await mend(chain, firm, losses.nothing)
            truth = await stated(chain, firm)
            for moment, answers in (("during", during), ("healing", healing)):
                struck += [(number, kind, moment, name) for name in overstated(answers, through, truth)]
            struck += [(number, kind, name, said.why) for name, said in truth.items() if not said.complete]
            if kind == "no loss":
                struck += [
                    (number, kind, name, said.why) for name, said in during.items() if not said.complete
                ]
            known = truth
        again = await _truth(ground, firm)
        assert {name: said.rows for name, said in again.items()} == {
            name: said.rows for name, said in known.items()
        }
    assert struck == [], "\n".join(map(str, struck))


async def _followed(chain: Chain, firm: Firm, kind: str) -> dict[str, Stated]:
    """What is said after one more run."""
    if kind == "days are dirty":
        await chain.mirror()
    elif kind == "a week is not compared":
        await chain.sync(mode="reconcile", from_=str(firm.start), to=str(firm.end))
    else:
        await chain.sync()
    return await stated(chain, firm)


async def known_through(chain: Chain) -> dict[str, str]:
    """The latest instant that one of each answer's sources is complete through."""
    async with chain.runtime.database.snapshot() as conn:
        through = await select_complete_through(conn)
    of = {"sheet": through, "days": through, "checkins": ("Employee", "Employee Checkin")}
    return {
        name: str(max(through[doctype] or NEVER for doctype in doctypes)) for name, doctypes in of.items()
    }


def overstated(now: dict[str, Stated], through: dict[str, str], truth: dict[str, Stated]) -> list[str]:
    """Answers called complete as of an instant after the loss, though they are not the truth.

    One that keeps to an instant before the loss may be complete as of then.
    """
    return [
        name
        for name, said in now.items()
        if said.complete
        and datetime.fromisoformat(said.as_of or "") > datetime.fromisoformat(through[name])
        and said.rows != truth[name].rows
    ]


@pytest.mark.parametrize("doctype", [losses.CHECKIN, "Leave Application"])
async def test_q7_a_row_swallowed_once_in_a_long_backlog_is_not_forgotten(
    database_url: str, doctype: str
) -> None:
    """Changes of two hours are followed at once; the run that lacks one of them does not move past it.

    The usual overlap of ten minutes does not reach back to it: the cursor itself has to stay.
    """
    async with small_firm() as firm, open_chain(database_url, firm.server, **QUICK) as chain:
        assert (await chain.sync()).state == "done"
        backlog = losses.changed_over_two_hours(firm, doctype)
        heal = losses.row_swallowed(firm, random.Random(1), doctype, backlog[0])
        assert (await chain.sync()).state in {"done", "partial"}
        heal()
        assert (await chain.sync()).state == "done"
        healed = await stated(chain, firm)
        await mend(chain, firm, losses.nothing)
        truth = await stated(chain, firm)
        assert wrongly(healed, truth) == []


@pytest.mark.parametrize("doctype", losses.FORBIDDEN[:: 1 if FULL_SIZE else 4])
async def test_q7_a_right_that_is_given_back_is_told_at_once(database_url: str, doctype: str) -> None:
    async with small_firm() as firm, open_chain(database_url, firm.server, **QUICK) as chain:
        assert (await chain.sync()).state == "done"
        heal = losses.striking(firm, losses.faults.forbidden(), doctype=doctype)
        assert (await chain.sync()).state == "partial"
        assert (await stated(chain, firm))["sheet"].complete is False
        heal()
        assert (await chain.sync()).state == "done"
        assert (await stated(chain, firm))["sheet"].complete is True
