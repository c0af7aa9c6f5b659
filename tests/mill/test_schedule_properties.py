"""F.10 on a generated mill, from rows in the tables to stored operations: what no schedule may ever do."""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from service.mill.queries.plant import select_calendars
from service.mill.rules.scheduling.calendars import open_spans
from tests.mill.plant import ZERO_HOUR, calendar, center, day, job, machine, made
from tests.mill.scenario import receipt, yarn
from tests.support.house import House

CENTERS = ("1.30.28.F", "2.30.24.F", "3.26.20.M")
ORDERS = 40


async def settle(house: House) -> None:
    """Machines in shifts and round the clock, orders that wait for yarn, orders of one style, one in progress."""
    random = Random(7)
    await yarn(house, "Y", beginning_balance=30_000)
    await receipt(house, "PO-1", "Y", 30_000, due=day(5))
    days = await calendar(house, "days", *((weekday, time(6), time(22)) for weekday in range(6)))
    nights = await calendar(house, "nights", *((weekday, time(22), time(6)) for weekday in range(7)))
    for code, number in zip(CENTERS, (None, days, nights), strict=True):
        await center(house, code, calendar_id=number)
        for at in range(3):
            free = ZERO_HOUR + timedelta(hours=random.choice((0, 0, 30)))
            efficiency = Decimal(random.choice(("1", "0.85")))
            await machine(
                house, f"M{code[0]}{at}", code, available_from=free, efficiency=efficiency,
                status="down" if at == 2 and code == CENTERS[0] else "available",
            )  # fmt: skip
    for at in range(ORDERS):
        style = random.choice((f"S-{at}", f"S-{at % 7}"))
        await job(
            house, f"O{at:02}", random.randrange(150, 3000), random.choice((None, 48, 120, 240)),
            random.randrange(1, 5), of=style, at=random.choice(CENTERS), rate=random.choice((None, 600, 900)),
        )  # fmt: skip
    await house.sql(
        "UPDATE mill.production_orders o SET status = 'in_progress', machine_id = m.id"
        " FROM mill.styles s, mill.machines m WHERE o.order_no = 'O05' AND s.id = o.style_id"
        " AND m.id = (SELECT min(id) FROM mill.machines x WHERE x.work_center_id = s.work_center_id)"
    )


async def test_f010_no_overlap_inside_windows_never_before_the_yarn_and_no_pound_lost(house: House) -> None:
    await settle(house)
    run = await made(house, setup_hours=1, schedule_split=3, schedule_trials=3000)
    operations = await house.sql(
        "SELECT p.*, o.order_no, o.ready_on, o.kit_status FROM mill.schedule_ops p JOIN mill.plan_orders o"
        " ON (o.run_id, o.seq) = (p.run_id, p.order_seq) WHERE p.run_id = :run"
        " ORDER BY p.machine_id, p.setup_start", run=run,
    )  # fmt: skip
    for one, other in pairwise(operations):
        assert one.machine_id != other.machine_id or one.run_end <= other.setup_start
    machines = {
        row.machine_code: row
        for row in await house.sql(
            "SELECT m.machine_code, m.status, m.available_from, w.calendar_id FROM mill.machines m"
            " JOIN mill.work_centers w ON w.id = m.work_center_id"
        )
    }
    async with house.runtime.database.snapshot() as conn:
        calendars = await select_calendars(conn)
    for one in operations:
        of = machines[one.machine_code]
        assert of.status == "available"
        assert one.setup_start >= of.available_from
        if not one.frozen and one.kit_status != "READY":
            assert one.setup_start >= datetime.combine(one.ready_on, time(), ZERO_HOUR.tzinfo)
        if of.calendar_id is not None:
            spans = list(open_spans(calendars[of.calendar_id], one.setup_start, one.run_end))
            # It begins and ends while the machine works; what lies between pauses with the shifts.
            assert (spans[0].start, spans[-1].end) == (
                one.setup_start.astimezone(UTC),
                one.run_end.astimezone(UTC),
            )
    await pounds_add_up(house, run)


async def pounds_add_up(house: House, run: int) -> None:
    """Of every order all pounds stand on machines, or it says why not."""
    placed: dict[int, Decimal] = defaultdict(Decimal)
    for row in await house.sql(
        "SELECT order_seq, quantity FROM mill.schedule_ops WHERE run_id = :run", run=run
    ):
        placed[row.order_seq] += row.quantity
    orders = await house.sql(
        "SELECT seq, quantity, schedule_reason FROM mill.plan_orders WHERE run_id = :run", run=run
    )
    assert len(orders) == ORDERS
    for order in orders:
        assert placed[order.seq] == order.quantity or (order.schedule_reason and not placed[order.seq])
    assert sum(order.schedule_reason is None for order in orders) > ORDERS // 2
