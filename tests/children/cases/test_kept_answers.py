"""What of the children's desk is kept, and for whom (spec F8: T91, T95)."""

from tests.children.describing import added
from tests.children.house import House


async def test_t095_two_levels_never_share_a_childs_page(house: House) -> None:
    """Asked in turns, so that whatever one request left behind is there for the next."""
    for _ in range(2):
        guardian = await house.ask("G1", "GET", "/1")
        professional = await house.ask("V1", "GET", "/1")
        assert "x-cache" not in guardian.headers
        assert guardian.headers["cache-control"] == professional.headers["cache-control"] == "no-store"
        assert guardian.json()["date_of_birth"] == "2016-03-15"
        assert "2016-03-15" not in professional.text
        assert guardian.headers["etag"] != professional.headers["etag"] or guardian.text != professional.text


async def test_t091_a_child_added_is_listed_for_its_guardian_and_for_nobody_else(house: House) -> None:
    before = (await house.ask("G1", "GET", "")).json()["items"]
    child = await added(house, "G1", name="New")
    after = (await house.ask("G1", "GET", "")).json()["items"]
    other = (await house.ask("G2", "GET", "")).json()["items"]
    assert {one["id"] for one in after} - {one["id"] for one in before} == {child}
    assert child not in {one["id"] for one in other}
