"""A statement as a file: what was signed, in the formats of its report."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Final

from sqlalchemy import Row

from service.core.errors import unknown_value
from service.reporting.completeness import completeness_headers, reasons_of
from service.reporting.desk import Desk
from service.reporting.formats import JSON_MEDIA_TYPE, formatters
from service.reporting.report import Report, Style, View
from service.reporting.statements.sealing import declared
from service.reporting.statements.shown import answer_of, statement_of, whole

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, kw_only=True)
class StatementFile:
    """A file ready to be written; `pieces` may take a while and runs off the event loop."""

    media_type: str
    filename: str
    attachment: bool
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Iterable[bytes]


def offered(desks: Iterable[Desk]) -> dict[str, str]:
    """Every format some report can be written in, with its media type."""
    found = {"json": JSON_MEDIA_TYPE}
    for desk in desks:
        for report in desk.reports:
            found |= {name: made.media_type for name, made in formatters(report).items()}
    return found


def file_of(row: Row[Any], desk: Desk, name: str, style: Style) -> StatementFile:
    """A statement in a format. Raises `NotFound` for a report that is no more, `Invalid` for a format."""
    if name == "json":
        return StatementFile(
            media_type=JSON_MEDIA_TYPE, filename=_filename(row, "json"), attachment=True, pieces=(whole(row),)
        )
    report = declared(desk, row.report)
    formatter = formatters(report).get(name)
    if formatter is None:
        raise unknown_value("/query/format", "format", name, ["json", *formatters(report)])
    view = _view(row, desk, report, style)
    completeness = completeness_headers(row.complete, reasons_of(view.answer["meta"]))
    return StatementFile(
        media_type=formatter.media_type,
        filename=_filename(row, formatter.extension),
        attachment=formatter.attachment,
        headers={**formatter.headers, **completeness},
        pieces=formatter.write(view),
    )


def _view(row: Row[Any], desk: Desk, report: Report[Any, Any], style: Style) -> View:
    answer = answer_of(row)
    return View(
        desk=desk.name,
        report=report,
        answer=answer,
        columns=report.columns_of(answer, style.locale),
        style=style,
        statement=statement_of(row).model_dump(mode="json", by_alias=True),
    )


def _filename(row: Row[Any], extension: str) -> str:
    """`statement_{report}_{period}_{sealed at}_{id}.{ext}`; an incomplete one says so in its file's name."""
    period = [] if row.period_from is None else [str(row.period_from), str(row.period_to)]
    stamp = f"{row.sealed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    parts = ["statement", row.report, *period, stamp, str(row.id)[:8], *_warnings(row)]
    return f"{_UNSAFE.sub('-', '_'.join(parts))}.{extension}"


def _warnings(row: Row[Any]) -> list[str]:
    return [
        *([] if row.complete else ["incomplete"]),
        *([] if row.withdrawn_at is None else ["withdrawn"]),
    ]
