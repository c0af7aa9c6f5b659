"""What is missing at all desks: the list, its pages, the page of today."""

import httpx

from service.schemas.envelope import GapListing
from tests.reporting.conftest import House


async def test_gaps_come_in_a_stable_order_with_counts(client: httpx.AsyncClient) -> None:
    listing = GapListing.model_validate_json((await client.get("/v1/gaps")).content)
    assert [gap.subject for gap in listing.items] == ["till 1", "till 2", "till 3"]
    assert listing.desks == {"stall": 3}


async def test_gaps_are_paged_by_cursor(client: httpx.AsyncClient) -> None:
    seen, address = [], "/v1/gaps?limit=2&include=total"
    while address:
        answer = await client.get(address)
        seen += [gap["subject"] for gap in answer.json()["items"]]
        assert answer.json()["page"]["total"] == 3
        address = answer.links.get("next", {}).get("url", "")
    assert seen == ["till 1", "till 2", "till 3"]


async def test_a_cursor_does_not_fit_another_filter(client: httpx.AsyncClient) -> None:
    cursor = (await client.get("/v1/gaps?limit=1")).json()["page"]["next"]
    answer = await client.get("/v1/gaps", params={"limit": 1, "cursor": cursor, "desk": "stall"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_gaps_of_other_desks_stay_hidden(quiet_house: House) -> None:
    async with quiet_house.client("other") as stranger:
        listing = (await stranger.get("/v1/gaps")).json()
        page = (await stranger.get("/")).text
    assert listing["items"] == []
    assert listing["desks"] == {}
    assert "No open gaps." in page
    assert "/v1/stall/" not in page


async def test_the_page_of_today_leads_on(client: httpx.AsyncClient) -> None:
    page = (await client.get("/", params={"locale": "es"})).text
    assert "Lo que le espera hoy" in page
    assert "till 2" in page
    assert "/v1/stall/reports/takings?format=html&amp;locale=es" in page
    assert "Ventas" in page
