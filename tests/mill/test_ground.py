"""What a plan stands on, as it is read."""

from datetime import UTC, datetime
from decimal import Decimal

from service.mill.queries.ground import select_as_of, select_ground
from service.mill.queries.parameters import select_parameters
from tests.mill.scenario import AS_OF
from tests.support.house import House


async def test_f058_is_read_as_it_was_put(f58: House) -> None:
    async with f58.runtime.database.snapshot() as conn:
        ground = await select_ground(conn, AS_OF, await select_parameters(conn), datetime.now(UTC))
        assert await select_as_of(conn) == AS_OF
    assert [(one.code, one.known, one.planning) for one in ground.yarns.values()] == [
        ("Y1", True, Decimal(1100)),
        ("Y2", True, Decimal(-1276)),
        ("Y3", False, Decimal(0)),
    ]
    assert [one.number for one in ground.served] == ["O3", "O1", "O2"]
    assert ground.recipes.yarns_of("G2") == {"Y1": Decimal("0.6"), "Y3": Decimal("0.4")}
    assert ground.recipes.parts_of("F1") == {"G1": Decimal("1.03")}
    assert ground.parameters.production_lead_days == 0
    assert ground.standing.complete


async def test_the_same_rows_have_the_same_hash(f58: House) -> None:
    async with f58.runtime.database.snapshot() as conn:
        in_force = await select_parameters(conn)
        one, other = [await select_ground(conn, AS_OF, in_force, datetime.now(UTC)) for _ in range(2)]
    assert one.hash() == other.hash()


async def test_fabric_in_stages_is_read_of_what_is_asked_for_only(f58: House) -> None:
    """A mill has ten times as many rolls as its sales concern: they made a quarter of what a plan held."""
    await f58.sql(
        "INSERT INTO mill.stage_inventory (stage, roll_no, style_id, style_code, lb)"
        " SELECT 'F01', 'R' || id, id, style_code, 10 FROM mill.styles WHERE style_code IN ('F1', 'G2')"
    )
    await f58.sql(
        "INSERT INTO mill.forecasts (style_id, week_start, quantity)"
        " SELECT id, DATE '2025-09-08', 5 FROM mill.styles WHERE style_code = 'F1'"
    )
    async with f58.runtime.database.snapshot() as conn:
        ground = await select_ground(conn, AS_OF, await select_parameters(conn), datetime.now(UTC))
    assert ground.stages == {("F01", "F1"): Decimal(10)}
