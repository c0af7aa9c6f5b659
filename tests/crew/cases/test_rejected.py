"""What is no grid is rejected, whatever it is: cases 15 to 17 of spec F.2, Q14 and Q18 for pages."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.crew.rules.grid import Rejected
from service.crew.upstream.envelope import LARGEST
from service.crew.upstream.pages import parse_display, read_envelope
from tests.crew.pages import B2, EMPTY, employee, header, page, page_of, read
from tests.crew.scenario import S1

LOGIN = """<html><body class="login-page"><form action="./Login.aspx" id="form1" method="post">
<input name="txt_userid" type="text"></form></body></html>"""


def rejected(html: str) -> str:
    """The code with which a page is rejected."""
    with pytest.raises(Rejected) as refused:
        read(html)
    return refused.value.code


def test_c015_the_login_page_instead_of_a_grid() -> None:
    assert rejected(LOGIN) == "session_expired"
    for body, kind, status, url in (
        (LOGIN.encode(), "text/html; charset=utf-8", 200, "https://t/Account/Login.aspx?ReturnUrl=%2fx"),
        (LOGIN.encode(), "text/html", 200, None),
        (b"<html>moved</html>", "text/html", 302, "Account/Login.aspx?ReturnUrl=%2fAvailability"),
        (b'{"Message":"Authentication failed."}', "application/json", 401, None),
        (b'{"Message":"Authentication failed."}', "application/json", 500, None),
    ):
        with pytest.raises(Rejected) as refused:
            read_envelope(body, kind, status, url)
        assert refused.value.code == "session_expired", body


def test_c016_what_is_no_grid() -> None:
    assert rejected("") == rejected("   ") == rejected("<p>sorry</p>") == "grid_missing"
    assert read_envelope(b'\xef\xbb\xbf{"d": ""}', "application/json; charset=utf-8", 200) == ""
    for body, kind, status in (
        (b"", "application/json", 200),
        (b'{"Message":"Invalid", "StackTrace":"at", "ExceptionType":"x"}', "application/json", 500),
        (b'{"Message":"Invalid"}', "application/json", 200),
        (b'{"d": null}', "application/json", 200),
        (b'{"d": ["<table>"]}', "application/json", 200),
        (b'["<table>"]', "application/json", 200),
        (b'{"d": "<table', "application/json", 200),
        (b'{"d": "\\ud800"}', "application/json", 200),
        (b'{"d": ""}', "image/png", 200),
        (b'{"d": ""}', "application/json; charset=klingon", 200),
        (b'{"d": "\xff"}', "application/json", 200),
        (b'{"d": "<table></table>"}', "application/json", 503),
    ):
        with pytest.raises(Rejected) as refused:
            read_envelope(body, kind, status)
        assert refused.value.code == "bad_envelope", body


def test_c017_a_grid_without_people_is_no_grid() -> None:
    assert rejected(page(header(["0800", "0815"]))) == "no_rows"
    assert rejected(page(header(["0800"]), employee("", EMPTY))) == "no_rows"


REAL = page_of(S1)


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("gridAvail", "gridAvailability", "grid_missing"),
        ('class="employee"', 'class="person"', "no_rows"),
        ("gridheader", "head", "bad_header"),
        ("schTD", "slot", "layout_changed"),
    ],
)
def test_q18_a_changed_layout_is_loud(was: str, becomes: str, code: str) -> None:
    assert rejected(REAL.replace(was, becomes)) == code


def test_q18_a_label_that_cannot_be_read_shifts_nobody() -> None:
    whole = read(REAL)
    for label, known in (("0000", slice(1, None)), ("0800", slice(0, 32))):
        grid = read(REAL.replace(f"<td>{label}</td>", f"<td>{label[:2]}h</td>"))
        assert grid.labels == whole.labels[known]
        assert [row.cells for row in grid.crew] == [row.cells[known] for row in whole.crew]
        assert "partial_day" in [one.code for one in grid.findings]


def test_q14_a_page_cut_off_anywhere_is_no_smaller_grid() -> None:
    for at in range(0, len(REAL) - len("</table>"), 397):
        assert rejected(REAL[:at]) in {"grid_missing", "grid_cut", "bad_header", "no_rows"}, at


def test_q14_a_body_beyond_the_bound_is_not_looked_at() -> None:
    with pytest.raises(Rejected, match="bad_envelope: more than 8388608 bytes"):
        read_envelope(b'{"d":"' + b"x" * LARGEST + b'"}', "application/json", 200)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 500_001,
        page(header(["0800"]), employee("ALDER, JO", EMPTY, contract="9" * 5_000_000)),
        page(f"<tr {'a ' * 20_000}></tr>"),
    ],
    ids=["tags", "characters", "one tag"],
)
def test_q14_a_page_that_would_take_long_is_not_parsed(html: str) -> None:
    assert rejected(html) == "page_too_large"


def test_q14_a_cell_that_spans_everything_takes_no_more_than_a_day() -> None:
    wide = page('<tr class="gridheader">' + "<td colspan=9999>0800</td>" * 2000, employee("ALDER, JO", EMPTY))
    assert rejected(wide) == "bad_header"


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=60, deadline=None)
def test_q14_rubbish_is_rejected_and_nothing_else(body: bytes) -> None:
    for kind in ("application/json", None, "application/json; charset=utf-16"):
        with pytest.raises(Rejected):
            read_envelope(body, kind, 200)
    text = body.decode("utf-8", "replace")
    for read_page in (read, parse_display):
        with pytest.raises(Rejected):
            read_page(text)


_PIECE = st.sampled_from(
    ["<td>", "</td>", "<tr>", "</tr>", "<table>", "</table>", "<td class='schTD'>", "W", "0800", "\0", "x" * 300,
     '"', "<", ">", "<b>", "</b>", "colspan=9 ", "\ud800", "9" * 30]
)  # fmt: skip
_CHANGE = st.tuples(st.integers(0, len(B2) - 1), st.integers(0, 40), _PIECE)


@given(st.lists(_CHANGE, min_size=1, max_size=12))
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_q14_a_damaged_grid_is_read_as_it_stands_or_rejected(changes: list[tuple[int, int, str]]) -> None:
    html = B2
    for at, gone, put in changes:
        html = html[:at] + put + html[at + gone :]
    try:
        grid = read(html)
    except Rejected:
        return
    # Before a letter, slash or mark a bracket opens a tag; before anything else it is text.
    there = squeezed(re.sub(r"<[a-zA-Z/!?][^<>]*>?", "", html)) + " " + squeezed(html)
    available = 0
    for row in grid.crew:
        here = sum(cell.state == "available" for cell in row.cells)
        available += here
        assert not here or squeezed(row.name) in there, row.name
    assert available <= html.count("schTD") * 9
    for row in grid.crew:
        assert row.contract.hours is None or row.contract.hours <= 168
        assert len(row.name) <= 100
        assert "\0" not in row.name
        assert len(row.cells) == len(grid.labels)


def squeezed(text: str) -> str:
    """Letters and digits alone: what a stray bracket becomes is the parser's to say."""
    return "".join(sign for sign in text.replace("&nbsp;", "") if sign.isalnum())
