"""A report about a child as a file: JSON, CSV that no spreadsheet takes for formulas, a page to print."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from starlette.responses import Response

from service.children.clinical.report_words import label, path_label
from service.reporting.formats.csv_file import neutral
from service.reporting.formats.html_page import HTML
from service.reporting.pages import templates
from service.schemas.children.reports import ChildReport, ReportFileAsk, SharedReport

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address of a shared report is its secret
    "X-Content-Type-Options": "nosniff",
}
_ABOUT: Final = ("title", "type", "status", "author", "approver", "published_at", "statement_sha256")


class Line(NamedTuple):
    """One line of a report: the section it stands in, what it is, and its value."""

    section: str
    field: str
    value: Any


def file_of(report: ChildReport | SharedReport, ask: ReportFileAsk, stem: str) -> Response:
    """The response with the file; `stem` begins its name, which says nothing about the child."""
    if ask.format == "json":
        body = report.model_dump_json(by_alias=True)
        return Response(body, headers=_HEADERS, media_type="application/json")
    if ask.format == "html":
        page = page_of(report, ask.locale)
        return Response(page, headers={**HTML.headers, **_HEADERS}, media_type=HTML.media_type)
    headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{stem}.csv"'}
    return Response(csv_of(report, ask.locale), headers=headers, media_type="text/csv; charset=utf-8")


def csv_of(report: ChildReport | SharedReport, locale: str) -> str:
    """The lines as of RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([label(name, locale) for name in ("section", "field", "value")])
    for line in lines_of(report):
        # Names of a report's text are its author's own words: they can be formulas too.
        field = line.field if line.section == "content" else path_label(line.field, locale)
        writer.writerow([label(line.section, locale), neutral(field), neutral(_text(line.value))])
    return text.getvalue()


def page_of(report: ChildReport | SharedReport, locale: str) -> str:
    """The report as a page to be printed, everything escaped."""
    sections: dict[str, list[tuple[str, str]]] = {}
    for line in lines_of(report):
        field = line.field if line.section == "content" else path_label(line.field, locale)
        sections.setdefault(line.section, []).append((field, _text(line.value)))
    template = templates("children").get_template("child_report.html")
    return template.render(
        report=report,
        locale=locale,
        sections=sections,
        label=lambda name: label(name, locale),
    )


def lines_of(report: ChildReport | SharedReport) -> Iterator[Line]:
    """Everything of a report, line by line; what is not known is left out."""
    values = report.model_dump(mode="json", by_alias=True)
    for name in _ABOUT:
        value = values.get(name)
        if value is not None:
            yield Line("about", name, value["name"] if isinstance(value, Mapping) else value)
    figures = values["figures"] or {"window": {}, "sections": {}}
    for name in ("from", "to", "timezone"):
        if name in figures["window"]:
            yield Line("about", name, figures["window"][name])
    if values["correction_note"] is not None:
        yield Line("about", "correction_note", values["correction_note"])
    yield from _flat("content", values["content"])
    for section, worked in figures["sections"].items():
        yield from _flat(section, worked)


def _flat(section: str, values: Any, path: str = "") -> Iterator[Line]:
    if isinstance(values, Mapping):
        for name, value in values.items():
            yield from _flat(section, value, f"{path}.{name}" if path else str(name))
    elif isinstance(values, list) and any(isinstance(one, Mapping | list) for one in values):
        for place, value in enumerate(values, start=1):
            yield from _flat(section, value, f"{path}.{place}")
    elif values is not None:
        yield Line(section, path, values)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
