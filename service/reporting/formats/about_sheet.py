"""The sheet "About" of every workbook: as of when, complete or why not, by which rules, from which data."""

from collections.abc import Iterator
from typing import Any, Final

from service.reporting.formats.workbook import Book
from service.reporting.pages.shown import Banner, Fact, banner, shown_facts
from service.reporting.words import words

Line = tuple[str, str, str]
"""Name, value, and how it looks: `title`, `good`, `bad` or nothing."""
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 14},
    "good": {"bold": True, "font_color": "#1F6B3A"},
    "bad": {"bold": True, "font_color": "#A1252B", "bg_color": "#FCEBEA"},
    "": {"text_wrap": True, "valign": "top"},
}


def about_sheet(book: Book) -> None:
    """Everything that `meta` says, in words, with the explanation of every column."""
    said = words(book.view.style.locale)
    sheet = book.sheet(said["about"])
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    name = book.look(bold=True, valign="top", font_color="#5B6470")
    for row, (label, value, look) in enumerate(_lines(book)):
        sheet.write_string(row, 0, label, name)
        sheet.write_string(row, 1, value, book.look(**_LOOKS[look]))


def _lines(book: Book) -> Iterator[Line]:
    view = book.view
    locale, meta = view.style.locale, view.answer["meta"]
    said, state = words(locale), banner(meta, locale)
    yield said["report"], view.report.title_in(locale), "title"
    yield said["status"], f"{state.headline}. {state.text}", "good" if state.complete else "bad"
    yield said["as_of"], state.as_of or "–", ""
    yield from _completeness(state, locale)
    yield said["rules_version"], meta["rules_version"] or "–", ""
    yield said["data_version"], meta["data_version"] or "–", ""
    yield said["generated_at"], state.generated_at or "–", ""
    yield said["timezone"], meta["timezone"], ""
    names = view.report.labels_in(locale)
    for part, facts in shown_facts(view.answer, locale, names, view.report.light).items():
        yield from ((f"{said[part]}: {fact.label}", _with_light(fact), "") for fact in facts)
    yield from ((said["notes"], note, "") for note in view.answer["notes"])
    legend = view.report.legend_of(view.columns, locale)
    yield from ((f"{said['legend']}: {code or '–'}", meaning, "") for code, meaning in legend.items())
    yield from ((f"{said['column']}: {one.label}", one.note, "") for one in view.columns if one.note)


def _with_light(fact: Fact) -> str:
    return fact.value if fact.light is None else f"{fact.value} ({fact.light.word})"


def _completeness(state: Banner, locale: str) -> Iterator[Line]:
    said = words(locale)
    for source, through in state.sources:
        yield f"{said['complete_through']}: {source}", through, ""
    yield from ((said["why"], reason, "bad") for reason in state.reasons)
    for gap in state.gaps:
        when = ", ".join(gap.when)
        which = f"{gap.subject}{': ' if when else ''}{when}"
        what = f"{which}. {said['need']}: {gap.need}. {said['have']}: {gap.have}."
        helps = f" {said['remedies']}: {'; '.join(gap.remedies)}." if gap.remedies else ""
        yield said["gaps"], what + helps, "bad"
