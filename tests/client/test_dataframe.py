"""Rows as a DataFrame."""

import sys
from datetime import UTC, datetime

import pytest

from service.client import to_dataframe
from service.schemas.envelope import Gap, Listing, Meta, Page, ReportAnswer

ROWS = [
    Gap(code="late", need="in", have="-", from_=datetime(2026, 10, 1, 8, tzinfo=UTC)),
    Gap(code="missing", need="out", have="in"),
]


def test_columns_are_the_wires_names_and_values_stay_what_they_are() -> None:
    frame = to_dataframe(ROWS)
    assert list(frame["code"]) == ["late", "missing"]
    assert frame["from"][0] == datetime(2026, 10, 1, 8, tzinfo=UTC)
    assert "from_" not in frame.columns


def test_completeness_stays_with_the_numbers() -> None:
    meta = Meta(complete=False, incomplete_reasons=["no sync since Friday"])
    frame = to_dataframe(ReportAnswer[Gap](report="r", params={}, items=ROWS, meta=meta))
    assert len(frame) == 2
    assert frame.attrs["meta"]["incomplete_reasons"] == ["no sync since Friday"]
    page = Listing[Gap](items=ROWS[:1], page=Page(has_more=False, limit=1))
    assert len(to_dataframe(page)) == 1
    assert to_dataframe(page).attrs == {}


def test_nothing_is_an_empty_frame() -> None:
    assert len(to_dataframe([])) == 0


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'muster-client\[dataframe\]'"):
        to_dataframe(ROWS)
