"""The progress page: the figures of the other routes in words, each with what it rests on, in two languages."""

import re

import pytest

from service.children.analytics.page_words import ENGLISH, SPANISH
from tests.children.figured import WINDOW
from tests.children.house import House

PATH = "/1/analytics/progress-page"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL))


async def test_parents_read_it_in_plain_words(shared: House) -> None:
    answer = await shared.ask("G1", "GET", PATH, params=WINDOW)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    text = text_of(answer.text)
    assert "Emma finished 7 sessions in 30 days and completed 5 of them." in text
    assert "mean of 5 sessions; the later ones against the earlier: higher" in text
    assert "better in 4 of 6" in text
    assert "fewer than two sessions a week" in text
    assert "no diagnosis" in text
    assert "1 session is still open" in text
    assert "<script" not in answer.text


async def test_a_way_leads_back_to_all_children(shared: House) -> None:
    page = await shared.ask("G1", "GET", "/1/analytics/progress-page?locale=es")
    assert '<a href="/v1/children/home?locale=es">' in page.text


async def test_professionals_read_it_in_figures_with_their_uncertainty(shared: House) -> None:
    ask = {**WINDOW, "view": "professional", "locale": "es"}
    answer = await shared.ask("E1", "GET", PATH, params=ask)
    text = text_of(answer.text)
    assert "88,68" in text
    assert "muy pocas sesiones para decirlo" in text
    assert "un primer indicio (de 4 a 7 sesiones)" in text
    assert "0,9826" in text
    assert 'lang="es"' in answer.text


async def test_a_page_without_sessions_says_so(shared: House) -> None:
    ask = {"from": "2025-01-01", "to": "2025-01-31"}
    for view in ("parent", "professional"):
        answer = await shared.ask("G1", "GET", PATH, params={**ask, "view": view})
        assert answer.status_code == 200
    assert "Emma finished no session in these 31 days." in text_of(
        (await shared.ask("G1", "GET", PATH, params=ask)).text
    )


@pytest.mark.parametrize(("who", "status"), [("G2", 404), ("N1", 404), ("AD", 403), ("K1", 403), (None, 401)])
async def test_nobody_else_reads_it(shared: House, who: str | None, status: int) -> None:
    assert (await shared.ask(who, "GET", PATH)).status_code == status


def test_both_languages_have_the_same_words() -> None:
    assert ENGLISH.keys() == SPANISH.keys()
    for name, text in ENGLISH.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", SPANISH[name])), name
