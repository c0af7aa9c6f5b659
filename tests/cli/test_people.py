"""`muster people`: added, listed, given a password that never stands on the command line."""

import io
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Command

ADD = ("people", "add", "ann@example.org", "--first-name", "Ann", "--last-name", "O'Neil", "--role")


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_person_is_added_listed_and_given_another_password(
    muster: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "short\n")
    weak = muster(*ADD, "admin")
    assert (weak.code, "10 characters" in weak.err) == (1, True)
    assert "ann@example.org" not in muster("people", "list").out  # nothing was left behind
    typed(monkeypatch, "a bridge made of paper\n")
    made = muster(*ADD, "admin")
    assert (made.code, made.err) == (0, "")
    assert re.fullmatch(r"person \d+ can sign in\n", made.out)
    again = muster(*ADD, "admin")
    assert (again.code, again.err) == (1, "somebody has this address already\n")
    listed = muster("people", "list").out
    assert re.search(r"ann@example\.org.*Ann O'Neil.*admin.*active.*never", listed)
    typed(monkeypatch, "another bridge of paper\n")
    assert "is set" in muster("people", "password", "Ann@Example.org").out
    assert muster("people", "password", "nobody").code == 1


def test_an_invitation_goes_to_the_outbox_and_the_line_in_the_log_names_nobody(
    muster: Command, tmp_path: Path
) -> None:
    said = muster(*ADD, "professional", "--invite", MUSTER_HOME=str(tmp_path / "home"))
    assert (said.code, "is invited" in said.out) == (0, True)
    [mail] = (tmp_path / "home" / "outbox").iterdir()
    assert "/sign-in/invitation?token=" in mail.read_text().replace("=3D", "=").replace("=\n", "")
    assert "ann@example.org" not in said.err
    assert re.search(r"professional.*pending", muster("people", "list").out)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("people", "add", "ann", "--first-name", "A", "--last-name", "B", "--role", "staff"),
            "no e-mail address",
        ),
        ((*ADD, "king"), "parent"),
    ],
)
def test_what_is_not_taken_is_one_sentence(muster: Command, words: tuple[str, ...], told: str) -> None:
    said = muster(*words)
    assert (said.code, told in said.err) == (1, True)
    assert "Traceback" not in said.err


def test_a_role_at_a_desk_is_given_and_taken(muster: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "a bridge made of paper\n")
    muster(*ADD, "staff")
    role = ("people", "role", "ann@example.org")
    assert "has operator at attendance" in muster(*role, "attendance", "operator").out
    assert "attendance:operator" in muster("people", "list").out
    for words, told in (
        (("attendance", "manager"), "name them"),
        (("attendance", "manager", "--place", "Nowhere"), "there is no site"),
        (("children", "viewer"), "there is no desk"),
        (("attendance", "king"), "manager"),
    ):
        refused = muster(*role, *words)
        assert (refused.code, told in refused.err) == (1, True), refused.err
    assert "has no role at attendance" in muster(*role, "attendance", "--take").out
    assert "attendance:" not in muster("people", "list").out
    assert muster(*role, "attendance").code == 2
