"""`muster alerts`: how the rules stand, and silence for one of them."""

import re

from tests.cli.conftest import Command


def test_rules_are_listed_and_silenced_by_name(muster: Command) -> None:
    said = muster("alerts", "list")
    assert (said.code, said.err) == (0, "")
    assert "Missing punches before pay day" in said.out
    unbound = muster("alerts", "list").out
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", unbound), "the instants are whole in a pipe"
    assert "e-0" not in unbound
    assert muster("alerts", "silence", "Answers are slow", "--hours", "2", "--because", "moving").code == 0
    assert "ok (silenced)" in muster("alerts", "list").out
    assert (
        muster("alerts", "silence", "Answers are slow", "--hours", "0").out.strip().endswith("tells again.")
    )
    assert "(silenced)" not in muster("alerts", "list").out
    unknown = muster("alerts", "silence", "Answers are slo")
    assert unknown.code == 1
    assert "did you mean Answers are slow" in unknown.err
