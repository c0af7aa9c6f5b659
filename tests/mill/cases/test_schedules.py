"""Section F.7 from rows in the database to a stored schedule."""

from tests.mill.plant import made, placed, settle_f59
from tests.support.house import House


async def test_f059_orders_go_to_the_machine_that_ends_them_first(house: House) -> None:
    await settle_f59(house)
    run = await made(house)
    assert await placed(house, run) == {
        "B": ("M1", 0, 24), "A": ("M2", 0, 48), "C": ("M1", 24, 96), "D": ("M2", 48, 60)
    }  # fmt: skip
