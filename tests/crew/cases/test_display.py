"""The station display in both shapes (spec A.9, B.4)."""

from datetime import datetime

import pytest

from service.crew.rules.display import Crewing, OnDuty
from service.crew.rules.grid import Rejected
from service.crew.upstream.pages import parse_display

FIRST = """<span id="lblTime">12:34:56</span><span id="lblDate">05/03/2026</span>
<span id="lblStation">P22 Demo</span>
<table id="gvCrewing"><tr><td>MGR</td><td>1 (0)</td></tr><tr><td>BA</td><td>3 (-1)</td></tr></table>
<table id="gvOnDuty"><tr><td>FFD</td><td>CEDAR, LU</td><td>(BA)</td></tr>
<tr><td>FFC</td><td>BIRCH, KE</td><td>(LGV, BA)</td></tr></table>"""
SECOND = """<table id="tblSchedule">
<tr><td><span>P22P6</span></td><td style="background-color: green"></td></tr>
<tr><td><span>P22P7</span></td><td style="background-color: Red"></td></tr>
<tr><td><span>P22P8</span></td><td style="background-color: blue"></td></tr><tr><td>no</td></tr></table>"""


def test_the_first_shape_tells_people_and_crewing() -> None:
    shown = parse_display(FIRST)
    assert (shown.local_time, shown.station) == (datetime(2026, 3, 5, 12, 34, 56), "P22 Demo")
    assert shown.crewing == {"MGR": Crewing(1, 0), "BA": Crewing(3, -1)}
    assert shown.on_duty == (
        OnDuty("FFD", "CEDAR, LU", ("BA",)),
        OnDuty("FFC", "BIRCH, KE", ("LGV", "BA")),
    )
    assert shown.appliances is None


def test_the_second_shape_tells_appliances() -> None:
    shown = parse_display(SECOND)
    assert shown.appliances == {"P22P6": "available", "P22P7": "unavailable"}
    assert (shown.on_duty, shown.crewing, shown.local_time) == (None, None, None)


def test_ids_with_what_a_page_framework_puts_before_them() -> None:
    assert parse_display(FIRST.replace('id="', 'id="ctl00_Main_')) == parse_display(FIRST)


def test_what_cannot_be_read_is_left_out_and_nobody_is_made_up() -> None:
    odd = FIRST.replace("05/03/2026", "soon").replace("3 (-1)", "three").replace("CEDAR, LU", "&nbsp;")
    shown = parse_display(odd)
    assert (shown.local_time, shown.crewing) == (None, {"MGR": Crewing(1, 0)})
    assert [one.name for one in shown.on_duty or ()] == ["BIRCH, KE"]


@pytest.mark.parametrize(
    ("html", "code"),
    [
        ("", "display_missing"),
        ("<p>closed</p>", "display_missing"),
        ('<form action="./Login.aspx"><input name="txt_userid"></form>', "session_expired"),
    ],
)
def test_a_page_that_is_no_display(html: str, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        parse_display(html)
    assert refused.value.code == code
