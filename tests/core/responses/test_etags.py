"""What the client has already is not sent again: ETags of bytes, versions and codings."""

import httpx
import pytest

from tests.core.responses.layered import PATH, SCOPE, House, client


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '"other",W/{} ', "*"])
async def test_what_the_client_has_is_not_sent_again(http: httpx.AsyncClient, form: str) -> None:
    first = await http.get(PATH)
    again = await http.get(PATH, headers={"if-none-match": form.format(first.headers["etag"])})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "private, no-cache"
    assert "content-length" not in again.headers
    assert "content-type" not in again.headers
    assert again.headers["cache-status"] == "Muster; hit"


async def test_another_etag_gets_the_bytes(http: httpx.AsyncClient) -> None:
    await http.get(PATH)
    assert (await http.get(PATH, headers={"if-none-match": '"other"'})).status_code == 200


async def test_a_miss_whose_bytes_are_known_is_a_304_too(house: House, http: httpx.AsyncClient) -> None:
    first = await http.get(PATH)
    house.responses.clear()
    house.calls = 0  # so that the route answers the same bytes
    again = await http.get(PATH, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, house.calls) == (304, 1)


async def test_the_compressed_form_is_made_once_and_has_its_own_etag(
    house: House, http: httpx.AsyncClient
) -> None:
    plain = await http.get(PATH)
    packed = [await http.get(PATH, headers={"accept-encoding": "br, gzip"}) for _ in range(2)]
    assert house.calls == 1
    for answer in packed:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == plain.content
        assert int(answer.headers["content-length"]) < len(plain.content) / 10
    assert packed[0].headers["etag"] == packed[1].headers["etag"] != plain.headers["etag"]
    refused = await http.get(PATH, headers={"accept-encoding": "gzip;q=0, *"})
    assert "content-encoding" not in refused.headers
    crossed = {"if-none-match": plain.headers["etag"], "accept-encoding": "gzip"}
    assert (await http.get(PATH, headers=crossed)).status_code == 200


async def test_small_bodies_stay_plain(house: House, http: httpx.AsyncClient) -> None:
    house.size = 10
    answer = await http.get(PATH, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in answer.headers


async def test_the_version_is_in_the_etag_even_of_equal_bytes(house: House, http: httpx.AsyncClient) -> None:
    first = await http.get(PATH)
    house.versions.apply({SCOPE: 8})
    house.calls = 0  # so that the route answers the same bytes
    second = await http.get(PATH)
    assert first.content == second.content
    assert first.headers["etag"] != second.headers["etag"]


async def test_equal_data_are_equal_bytes_and_etags_on_every_replica(house: House) -> None:
    other = House(house.versions)
    async with client(house.app) as one, client(other.app) as two:
        first, second = await one.get(PATH), await two.get(PATH)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


async def test_other_bytes_of_the_same_versions_have_another_etag(
    house: House, http: httpx.AsyncClient
) -> None:
    first = await http.get(PATH)
    house.clock.now += 70  # the life has ended; the route counts its calls into the body
    second = await http.get(PATH)
    assert first.headers["data-version"] == second.headers["data-version"]
    assert first.headers["etag"] != second.headers["etag"]
