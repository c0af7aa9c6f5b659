"""The login form and the question for a day, as the upstream takes them (spec A.1, A.2)."""

from datetime import date, timedelta

import pytest

from service.core.settings import Settings
from service.crew.upstream.asking import Brigade, schedule_body
from service.crew.upstream.client import policy_of
from service.crew.upstream.failures import NotSignedIn
from service.crew.upstream.login_form import login_form
from service.crew.upstream.signing_in import pause_after
from service.crew.upstream.site import place_of
from service.simulators.gartan.calls import read_asked

URL = "https://tenant.test/x/Account/Login.aspx"
PAGE = b"""<html><body><form action="./Login.aspx?a=1&amp;b=2" method="post">
  <input type="hidden" name="__VIEWSTATE" value="S&amp;1=="><input type="hidden" name="__LASTFOCUS">
  <input type="checkbox" name="keep"><input type="radio" name="way" value="a"><input value="no name">
  <textarea name="note">two
lines</textarea>
  <select name="zone"><option value="1">one</option><option value="2" selected>two</option></select>
  <select name="first"><option>eins</option><option>zwei</option></select><select name="none"></select>
  <input name="txt_userid" type="text"><input name="txt_pword" type="password" value="old">
</form><form action="other"></form></body></html>"""


def test_every_named_field_of_the_first_form_is_sent_back() -> None:
    form = login_form(PAGE, URL)
    assert form.action == "https://tenant.test/x/Account/Login.aspx?a=1&b=2"
    assert form.filled("us", "pw") == [
        ("__VIEWSTATE", "S&1=="), ("__LASTFOCUS", ""), ("keep", "on"), ("way", "a"), ("note", "two\nlines"),
        ("zone", "2"), ("first", "eins"), ("none", ""), ("txt_userid", "us"), ("txt_pword", "pw"),
        ("btnLogin", "Sign In"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "leads"),
    [
        ("", URL),
        ('action=""', URL),
        ('action="https://other.test/in"', "https://other.test/in"),
        ('action="/in"', "https://tenant.test/in"),
    ],
)
def test_a_form_is_posted_where_it_says(action: str, leads: str) -> None:
    button = '<input type="submit" name="btnLogin" value="Go">'
    form = login_form(f"<form {action}>{button}</form>".encode(), URL)
    assert form.action == leads
    assert form.filled("us", "pw")[0] == ("btnLogin", "Go")


@pytest.mark.parametrize("page", [b"", b"   ", b"<p>no form</p>", b"\x00\xff\xfe", b"{}"])
def test_a_page_without_a_form_is_no_refusal(page: bytes) -> None:
    with pytest.raises(NotSignedIn) as raised:
        login_form(page, URL)
    assert raised.value.code == "login_form_missing"


def test_a_password_is_not_sent_in_the_clear() -> None:
    with pytest.raises(NotSignedIn):
        login_form(b'<form action="http://tenant.test/in"></form>', URL)


@pytest.mark.parametrize("syntax", ["literal", "json"])
@pytest.mark.parametrize(
    "name", ["P22", "O'Neil's \\ \"x\"", "', dayCount: 99, x: '", "</script>\n\u2028\x00é€"]
)
def test_no_name_breaks_out_of_the_question(syntax: str, name: str) -> None:
    body = schedule_body(Brigade(101, name), date(2026, 3, 5), 15, syntax)  # type: ignore[arg-type]
    asked = read_asked(body)
    assert asked is not None
    assert (asked["brigadeId"], asked["bookingDate"], asked["resolution"], asked["dayCount"]) == (
        101, "05/03/2026", 15, 0,
    )  # fmt: skip
    assert (asked["showDetails"], asked["highlightContractDetails"], len(asked)) == ("true", "false", 12)
    if syntax == "json" or "\\" not in body.decode().replace("\\'", "").replace("\\\\", ""):
        assert asked["brigadeName"] == name


def test_the_literal_is_as_the_sites_own_script_writes_it() -> None:
    body = schedule_body(Brigade(101, "P22"), date(2026, 3, 5), 15, "literal").decode()
    assert body.startswith(
        "{brigadeId: 101, brigadeName: 'P22', employeeBrigadeId: 0, bookingDate: '05/03/2026', resolution: 15,"
    )


def test_waits_between_attempts_lie_within_their_bounds() -> None:
    policy = policy_of(settings().upstream.gartan)
    assert policy.attempts == 3
    for attempt, low, high in ((1, 0.75, 1.25), (2, 1.5, 2.5), (20, 45, 75)):
        assert policy.pause(attempt, lambda least, _: least) == pytest.approx(low)
        assert policy.pause(attempt, lambda _, most: most) == pytest.approx(high)


def test_a_login_that_failed_is_tried_after_a_minute_doubling_to_fifteen() -> None:
    minutes = [pause_after(failures) / timedelta(minutes=1) for failures in (1, 2, 3, 4, 5, 6, 99)]
    assert minutes == [1, 2, 4, 8, 15, 15, 15]


def test_credentials_are_known_again_and_cannot_be_read() -> None:
    place, same = place_of(settings(), "P22"), place_of(settings(), "P23")
    other, renewed = (
        place_of(settings(password="q"), "P22"),
        place_of(settings(keys=["n" * 32, "k" * 32]), "P22"),
    )
    assert place is not None
    assert same is not None
    assert other is not None
    assert renewed is not None
    assert place.fingerprints == same.fingerprints
    assert place.fingerprints[0] not in other.fingerprints
    assert place.fingerprints[0] in renewed.fingerprints
    assert "pass" not in repr(place)
    assert place_of(settings(), "P24") is None


def settings(password: str = "passw", keys: list[str] | None = None) -> Settings:
    stations = [{"code": code, "brigade_id": number} for number, code in enumerate(("P22", "P23"))]
    gartan = {"url": "https://t.test", "username": "u", "password": password, "stations": stations}
    return Settings.model_validate({"secret_keys": keys or ["k" * 32], "upstream": {"gartan": gartan}})
