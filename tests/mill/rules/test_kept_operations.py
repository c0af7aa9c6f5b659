"""What a new schedule keeps of the published one."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from service.mill.planning.kept import Kept
from service.mill.rules.plant import PublishedOp
from service.mill.rules.scheduling.clock import Clock
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
