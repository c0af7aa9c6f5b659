"""What a new schedule keeps of the published one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from service.mill.planning.kept import Kept
from service.mill.rules.plant import PublishedOp
from service.mill.rules.scheduling.clock import Clock
from service.mill.rules.scheduling.shop import Machine
from tests.mill.shop import job, shop

START = datetime(2025, 9, 3, 4, tzinfo=UTC)


def published(part: int, machine: str, begun: int) -> PublishedOp:
    """900 lb of order A from an hour on."""
    at = START + timedelta(hours=begun)
    return PublishedOp(
        order="A", part=part, style="S-A", machine=machine, pounds=Decimal(900), setup_start=at, run_start=at,
        end=at + timedelta(hours=36),
    )  # fmt: skip


def test_parts_of_an_order_keep_no_more_than_what_is_left_of_it() -> None:
    kept = Kept({"A": job("A", 1000)}, (), shop(), Clock(START, "UTC"))
    found = kept.operations([published(2, "M2", 1), published(1, "M1", 0)], freeze_days=3)
    assert [(one.machine, one.pounds) for one in found] == [("M1", 900), ("M2", 100)]
    almost_done = Kept({"A": job("A", 50)}, (), shop(), Clock(START, "UTC"))
    found = almost_done.operations([published(1, "M1", -30), published(2, "M2", -30)], freeze_days=3)
    assert [(one.machine, one.pounds) for one in found] == [("M1", 50)]


def test_what_begins_before_its_machine_is_back_is_planned_anew() -> None:
    broken = shop([Machine(code="M1", center="W1", free_from=30.0), Machine(code="M2", center="W1")])
    kept = Kept({"A": job("A", 1800)}, (), broken, Clock(START, "UTC"))
    found = kept.operations([published(1, "M1", -6), published(2, "M2", -6)], freeze_days=3)
    assert [(one.machine, one.setup_start) for one in found] == [("M2", -6)]
    running = Kept({"A": job("A", 900, machine="M1")}, ["A"], broken, Clock(START, "UTC"))
    found = running.operations([published(1, "M1", -6)], freeze_days=3)
    assert [(one.machine, one.setup_start, one.end) for one in found] == [("M1", 30, 66)]


def test_an_order_that_is_knitted_elsewhere_too_has_one_more_part() -> None:
    """The schedule has 900 lb of it on M2; of 1,000 that are left it is said to be on M1."""
    kept = Kept({"A": job("A", 1000, machine="M1")}, ["A"], shop(), Clock(START, "UTC"))
    found = kept.operations([published(1, "M2", -6)], freeze_days=3)
    assert [(one.machine, one.part, one.pounds) for one in found] == [("M1", 2, 100), ("M2", 1, 900)]
