"""Crew details: names to show, and contacts that are sealed (spec A.8, F.8 case 98)."""

from typing import Any

from service.core.sealing import Sealer
from service.crew.queries.reach import Reach, select_contacts
from tests.crew.house import House
from tests.crew.imports.ground import imported, refused
from tests.crew.scenario import settle_s1

FILE = b"""# x

ALDER, JO|Jo Alder|0100
BIRCH,KE|Ke Birch|0200|ke@example.org|Firefighter
A|B
"""


async def contacts(house: House) -> dict[int, Reach]:
    """What is kept, opened."""
    async with house.runtime.database.read() as conn:
        return await select_contacts(conn, Sealer.of(house.runtime.settings), range(1, 6))


async def names(house: House) -> Any:
    """Who has a name to show."""
    return await house.sql(
        "SELECT id, display_name FROM crew.crew_member WHERE display_name IS NOT NULL ORDER BY 1"
    )


async def test_c098_a_missing_line_wipes_nothing(house: House) -> None:
    await settle_s1(house.runtime)
    first = await imported(house, FILE)
    assert (first.kind, first.people, first.codes) == (
        "details",
        {"unknown": 0, "changed": 2, "unchanged": 0},
        {"short_line": 1},
    )
    kept = {1: Reach(1, "0100"), 2: Reach(2, "0200", "ke@example.org", "Firefighter")}
    assert await contacts(house) == kept
    assert await names(house) == [(1, "Jo Alder"), (2, "Ke Birch")]
    rows = await house.sql("SELECT * FROM crew.crew_contact ORDER BY crew_id")
    assert not any(b"0100" in (row.phone_sealed or b"") for row in rows)
    # The same again rewrites nothing, and a file without somebody leaves them as they are.
    assert (await imported(house, FILE)).people == {"unknown": 0, "changed": 0, "unchanged": 2}
    assert await house.sql("SELECT * FROM crew.crew_contact ORDER BY crew_id") == rows
    assert (await imported(house, b"ALDER, JO|Jo Alder|0100\n")).people["unchanged"] == 1
    assert await contacts(house) == kept


async def test_a_field_that_is_empty_goes_and_one_that_is_missing_stays(house: House) -> None:
    await settle_s1(house.runtime)
    await imported(house, FILE)
    await imported(house, b"BIRCH, KE||0201\nALDER, JO|Jo Alder||\n")
    assert await contacts(house) == {1: Reach(1), 2: Reach(2, "0201", "ke@example.org", "Firefighter")}
    assert await names(house) == [(1, "Jo Alder")]


async def test_lines_that_cannot_be_used(house: House) -> None:
    await settle_s1(house.runtime)
    odd = FILE + b"CEDAR, LU|Lu|1|nowhere\nCEDAR, LU|Lu|2\nCEDAR, LU|Lu|3\n|Nobody|4\nNOBODY, AT|At|5\n"
    result = await imported(house, odd)
    assert result.outcome == "refused"
    assert result.codes == {
        "short_line": 1, "bad_email": 1, "bad_name": 1, "conflicting_rows": 2, "unknown_person": 1,
    }  # fmt: skip
    assert await contacts(house) == {}
    taken = await imported(house, odd, lenient=True)
    assert taken.people == {"unknown": 1, "changed": 2, "unchanged": 0}
    assert await refused(house, b"# nobody\n", kind="details") == "file_empty"
