"""Every column of every report has a label in every language; English is no way out."""

from typing import Any

import pytest

from service.desks import all_desks
from service.reporting.columns import columns_of_row
from service.reporting.labels import labels
from service.reporting.openapi import example_answer
from service.reporting.report import Report
from service.reporting.words import LOCALES, words

REPORTS = [
    pytest.param(report, id=f"{desk.name}/{report.name}") for desk in all_desks() for report in desk.reports
]
OTHERS = [locale for locale in LOCALES if locale != "en"]


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("report", REPORTS)
def test_every_column_speaks_the_language(report: Report[Any, Any], locale: str) -> None:
    known = report.labels_in(locale)
    assert locale in report.titles, f"{report.name} has no title in {locale}"
    if report.columns is None:
        missing = [column.key for column in columns_of_row(report.row, {}) if column.key not in known]
        assert missing == [], "labels belong into service/reporting/labels.py"
        return
    english = {column.key: column.label for column in report.columns_of(example_answer(report), "en")}
    for column in report.columns_of(example_answer(report), locale):
        if column.key.startswith("leaves.") or column.key in {"first", "second"}:
            continue  # called as the leave type or the side is, whose name is data
        said = column.label != english[column.key] or column.label in known.values()
        assert said, f"{column.key} is called {column.label!r} in {locale} too"


@pytest.mark.parametrize("locale", OTHERS)
@pytest.mark.parametrize("report", REPORTS)
def test_parameters_and_totals_speak_it_too(report: Report[Any, Any], locale: str) -> None:
    named = {info.alias or name for name, info in report.params.model_fields.items()}
    codes = {row.get("kind") for row in report.example["items"]}  # and those of the sheet, one or two letters
    totals = {name for name in report.example.get("summary", {}) if len(name) > 2} - codes
    assert (named | totals) - report.labels_in(locale).keys() == set()


@pytest.mark.parametrize("locale", OTHERS)
def test_no_word_is_left_out(locale: str) -> None:
    assert words(locale).keys() == words("en").keys()
    assert all(label.strip() == label and label for label in labels(locale).values())
