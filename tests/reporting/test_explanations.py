"""The explain route: JSON, page, fragment; what is refused; nothing unescaped."""

import httpx
import pytest

from service.schemas.envelope import Explanation
from tests.reporting.conftest import House

EXPLAIN = "/v1/stall/reports/takings/explain"
CORN = {"item": "corn", "sold_on": "2026-10-01"}


async def test_a_figure_explains_itself(client: httpx.AsyncClient) -> None:
    answer = await client.get(EXPLAIN, params=CORN)
    explanation = Explanation.model_validate_json(answer.content)
    assert explanation.value == 7
    assert explanation.inputs[0].link == "/v1/stall/sales"
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_as_a_page_and_as_a_fragment(client: httpx.AsyncClient) -> None:
    page = await client.get(EXPLAIN, params=CORN, headers={"Accept": "text/html"})
    fragment = await client.get(EXPLAIN, params={**CORN, "format": "fragment", "locale": "es"})
    assert page.text.startswith("<!doctype html>")
    assert fragment.text.startswith("<article")
    assert "Paso a paso" in fragment.text
    for answer in (page, fragment):
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "<b>till" not in answer.text
        assert "&lt;b&gt;till" in answer.text


async def test_what_is_not_there_is_404(client: httpx.AsyncClient) -> None:
    answer = await client.get(EXPLAIN, params={"item": "rice", "sold_on": "2026-10-01"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "query", ["item=corn", "item=corn&sold_on=2026-10-01&colour=red", "item=corn&sold_on=x"]
)
async def test_bad_questions_are_422(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"{EXPLAIN}?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_nothing_older_than_what_was_seen(quiet_house: House) -> None:
    async with quiet_house.client() as client:
        answer = await client.get(EXPLAIN, params=CORN, headers={"Min-Data-Version": "stall/sales:99"})
    assert answer.status_code == 503
