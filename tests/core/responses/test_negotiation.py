"""The words of the protocol: codings, lists of ETags, one form of a query."""

import random
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.responses.negotiation import canonical, has_already, takes_gzip


# The words of the protocol
@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (b"", False),
        (b"gzip", True),
        (b"GZip , br", True),
        (b"gzip;q=0", False),
        (b"gzip;q=0.001", True),
        (b"*", True),
        (b"*;q=0", False),
        (b"gzip;q=0, *", False),
        (b"br;q=1, *;q=0.5", True),
        (b"x-gzip", True),
        (b"gzip;q=nonsense", False),
        (b"identity", False),
    ],
)
def test_what_accept_encoding_takes(said: bytes, taken: bool) -> None:
    assert takes_gzip(said) is taken


def test_an_etag_is_not_found_inside_another() -> None:
    assert not has_already(b'"abc-gz"', b'"abc"')
    assert not has_already(b'"*"', b'"abc"')
    assert has_already(b'"x", "abc"', b'"abc"')


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz", max_size=2)), max_size=6), st.randoms())
def test_one_form_of_a_query_keeps_the_order_within_a_name(
    pairs: list[tuple[str, str]], chance: random.Random
) -> None:
    names = [name for name, _ in pairs]
    chance.shuffle(names)
    waiting: dict[str, list[str]] = {name: [value for n, value in pairs if n == name] for name in names}
    mixed = [(name, waiting[name].pop(0)) for name in names]

    def written(items: list[tuple[str, str]]) -> bytes:
        return "&".join(f"{name}={value}" for name, value in items).encode()

    assert canonical(written(pairs), b"") == canonical(written(mixed), b"")
    if len(pairs) > 1 and pairs[0][0] == pairs[1][0] and pairs[0][1] != pairs[1][1]:
        swapped = [pairs[1], pairs[0], *pairs[2:]]
        assert canonical(written(swapped), b"") != canonical(written(pairs), b"")


def test_what_is_too_long_to_be_kept_leaves_nothing_behind() -> None:
    query, accept, coding = (word * 60_000 for word in (b"a", b"b", b"c"))

    def held() -> list[int]:
        return [sys.getrefcount(word) for word in (query, accept, coding)]

    before = held()
    assert canonical(query, b"*/*") is None
    assert canonical(b"", accept) is None
    assert not takes_gzip(coding)
    assert held() == before
