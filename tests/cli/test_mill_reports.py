"""`muster report mill` and `muster statement seal mill`: what is written, what is told, the exit code."""

import json

from tests.cli.conftest import Command


def test_a_report_that_is_not_complete_is_written_and_says_so(muster: Command) -> None:
    said = muster("report", "mill", "shortages", "--min-risk", "HIGH", "--format", "csv", "--locale", "es")
    assert said.code == 3
    assert said.out.startswith("Hilo,Descripción,Color,Proveedor,")
    assert "shortages: NOT COMPLETE" in said.err
    assert "no file of yarn_inventory was ever read" in said.err
    unknown = muster("report", "mill", "procurement", "--supplier", "SUP-A")
    assert (unknown.code, "there is no supplier 'SUP-A'" in unknown.err) == (1, True)
    assert "mill: no file was ever read" in muster("doctor").out


def test_an_order_list_is_sealed_only_where_it_may_be_incomplete(muster: Command) -> None:
    words = ("statement", "seal", "mill", "order-list", "--note", "week 48")
    refused = muster(*words)
    assert (refused.code, "not complete" in refused.err) == (1, True)
    sealed = muster(*words, "--accept-incomplete")
    assert sealed.code == 0, sealed.err
    [kept] = json.loads(muster("statement", "list", "--desk", "mill").out)["items"]
    assert (kept["report"], kept["note"], kept["complete"]) == ("order-list", "week 48", False)
