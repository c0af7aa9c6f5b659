"""What is kept, for whom, and how much of it."""

import os
import random

import httpx
import psutil
import pytest
from starlette.types import Message

from service.core.responses import ResponseCache, Responses
from tests.core.responses.layered import CALLERS, PATH, SCOPE, House, client, layered

PROVE = os.environ.get("MUSTER_PROVE") == "1"


async def test_q40_callers_never_see_each_others_answers(house: House) -> None:
    expected = {"all": '"all"', "same": '"all"', "villas": "Villas", "centro": "Centro"}
    reads = 100_000 if PROVE else 1_500
    chance = random.Random(40)
    async with client(house.app) as http:
        for n in range(reads):
            who = chance.choice(list(expected))
            answer = await http.get(f"{PATH}?n={n % 7}", headers={"authorization": who})
            assert expected[who] in answer.text
    assert house.calls == 3 * 7  # two of the four see the same, and share


async def test_q40_an_answer_for_somebody_else_is_not_kept(house: House, http: httpx.AsyncClient) -> None:
    house.entry = {"visibility": CALLERS[b"villas"].visibility}
    for _ in range(2):
        assert "stored" not in (await http.get(PATH)).headers["cache-status"]
    assert house.calls == 2


async def test_without_a_caller_nothing_is_kept(house: House) -> None:
    async with client(house.app, who="") as http:
        for _ in range(2):
            answer = await http.get("/livez")
            assert answer.status_code == 200
            assert "etag" not in answer.headers
    assert house.calls == 2


@pytest.mark.parametrize("headers", [{"cache-control": "private, No-Store"}, {"set-cookie": "a=b"}])
async def test_what_a_route_forbids_is_not_kept(
    house: House, http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    house.headers = headers
    for _ in range(2):
        assert "etag" not in (await http.get(PATH)).headers
    assert house.calls == 2


async def test_only_complete_good_answers_are_kept(house: House, http: httpx.AsyncClient) -> None:
    house.status = 503
    assert (await http.get(PATH)).status_code == 503
    house.status = 200
    assert (await http.get(PATH)).status_code == 200
    assert house.calls == 2


async def test_writes_and_heads_pass(house: House, http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    assert (await http.post(PATH)).headers.get("cache-status") is None
    assert (await http.head(PATH)).status_code == 405
    assert house.calls == 2


async def test_a_query_too_long_to_keep_is_answered(house: House, http: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert (await http.get(f"{PATH}?pad={'x' * 3000}")).status_code == 200
    assert house.calls == 2
    assert len(house.responses.kept) == 0


async def test_what_is_too_large_to_keep_is_delivered(house: House) -> None:
    house.size, house.pieces = 1_500_000, 20  # a quarter of the budget is the most one answer may take
    async with client(house.app) as http:
        for coding in ("identity", "gzip"):
            answer = await http.get(PATH, headers={"accept-encoding": coding})
            assert answer.content.endswith(b'xxx"}')
            assert len(answer.content) > 1_500_000
    assert len(house.responses.kept) == 0


async def test_q38_any_number_of_answers_stays_within_the_bounds(house: House) -> None:
    house.responses = Responses(50, 100_000, versions=house.versions)
    async with client(layered(house.application(), house.responses)) as http:
        for n in range(300):
            await http.get(f"{PATH}?n={n}")
            assert len(house.responses.kept) <= 50
            assert house.responses.kept.currsize <= 100_000
    assert house.responses.stats()[PATH].evictions > 200


async def test_a_failing_route_leaves_nothing(house: House) -> None:
    house.entry = {"no": "such field"}
    async with client(house.app) as http:
        with pytest.raises(TypeError):
            await http.get(PATH)
        house.entry = {}
        assert (await http.get(PATH)).status_code == 200


def zipf(chance: random.Random, questions: int, reads: int) -> list[int]:
    """Which of so many questions is asked each time: the n-th most popular one 1/n as often as the first."""
    weights = [1 / rank for rank in range(1, questions + 1)]
    return chance.choices(range(questions), weights, k=reads)


async def asked_plainly(layer: ResponseCache, question: int) -> None:
    """One GET without a client: a million of them take a minute, not an hour."""
    scope = {"type": "http", "method": "GET", "path": PATH, "query_string": b"n=%d" % question}
    scope |= {"scheme": "http", "headers": [(b"host", b"muster")], "state": {"caller": CALLERS[b"all"]}}
    await layer(scope, _no_body, _no_reader)


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _no_reader(_: Message) -> None:
    """Takes the answer."""


async def test_q38_most_of_a_zipf_workload_is_hits_and_memory_stays_flat(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """1,000 questions of which 800 fit, data that change all the while; the full size is 10^6 reads."""
    reads, changes = (1_000_000, 40) if PROVE else (10_000, 2)
    responses = Responses(800, 8_000_000, versions=house.versions, clock=house.clock)
    layer, process, warm = ResponseCache(house.application(), responses), psutil.Process(), 0
    for n, question in enumerate(zipf(random.Random(38), 1_000, reads)):
        await asked_plainly(layer, question)
        if n % (reads // changes) == 0:
            house.versions.apply({SCOPE: 8 + n})
        if n == reads // 4:
            warm = process.memory_info().rss
    grown = (process.memory_info().rss - warm) / 2**20
    stats = responses.stats()[PATH]
    with capsys.disabled():
        print(
            f"\n  Zipf, {reads:,} reads, {changes} commits: hit rate {stats.hit_rate:.3f}, {grown:+.1f} MiB"
        )
    assert stats.hits + stats.misses == reads
    assert stats.entries <= 800
    assert stats.bytes <= 8_000_000
    assert len(responses.popularity.by_key) <= 1_000
    assert grown < 16
    assert stats.hit_rate is not None
    assert stats.hit_rate > (0.9 if PROVE else 0.8)
