"""How secrets are made and read."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import tokens


def test_a_key_has_the_form_people_know() -> None:
    for _ in range(200):
        token = tokens.new_key()
        text = str(token)
        assert text.startswith("mst_")
        assert len(text) == 4 + 8 + 1 + 43
        assert tokens.read_key(text) == token


def test_a_key_is_not_printed_by_accident() -> None:
    token = tokens.new_key()
    assert token.secret not in repr(token)


def test_a_secret_is_kept_as_its_sha256() -> None:
    assert tokens.digest("abc") == sha256(b"abc").digest()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mst_",
        "mst_ab12cd34_" + "x" * 42,
        "mst_ab12cd34_" + "x" * 44,
        "mst_AB12cd34_" + "x" * 43,
        "xst_ab12cd34_" + "x" * 43,
        "mst_ab12cd34-" + "x" * 43,
        "mst_ab12cd34_" + "x" * 43 + "\n",
        "mst_ab12cd34_" + "é" + "x" * 42,
        "mst_٣b12cd34_" + "x" * 43,
    ],
)
def test_what_is_no_key(text: str) -> None:
    assert tokens.read_key(text) is None


@given(st.binary(max_size=200))
def test_no_header_breaks_the_readers(header: bytes) -> None:
    text = tokens.bearer(header)
    assert text is None or tokens.read_key(text) is None
    assert tokens.session_secret(header) is None


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (b"Bearer abc", "abc"),
        (b"bearer abc", "abc"),
        (b"BEARER  abc ", "abc"),
        (b"Basic abc", None),
        (b"abc", None),
    ],
)
def test_the_scheme_is_read_without_case(header: bytes, token: str | None) -> None:
    assert tokens.bearer(header) == token


def test_our_cookie_is_found_among_others() -> None:
    secret = tokens.new_secret()
    for header in (
        f"muster_session={secret}",
        f"a=b; muster_session={secret}; c",
        f"x=;muster_session={secret}",
    ):
        assert tokens.session_secret(header.encode()) == secret
    assert tokens.session_secret(f"other_muster_session={secret}".encode()) is None
