"""The first look at a file: what it is, and whether it can be used, before anything is stored."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from service.core.errors import Invalid
from service.crew.files.details import looks_like_details, read_details
from service.crew.files.report import read_report
from service.reporting.files.tables import is_workbook

Kind = Literal["report", "details"]


def kind_of(path: Path) -> Kind:
    """What a file looks like: lines with bars are details, all else is to be a report."""
    return "details" if not is_workbook(path) and looks_like_details(path) else "report"


def inspected(path: Path, kind: Kind | Literal["auto"]) -> Kind:
    """The kind of a file that can be used as a whole. Raises `Invalid` where it cannot."""
    found = kind_of(path) if kind == "auto" else kind
    if found == "report":
        read_report(path)
    else:
        read_details(path)
    return found


def check_instant(kind: Kind, as_of: datetime | None, now: datetime) -> None:
    """A report without its instant would take the place of what was observed after it was made.

    Raises `Invalid` (`as_of_required`, `as_of_in_future`).
    """
    if kind != "report":
        return
    if as_of is None:
        detail = "say when the report was made (as_of): what was observed later is to stay in force"
        raise Invalid(detail, code="as_of_required")
    if as_of > now:
        raise Invalid(f"as_of {as_of.isoformat()} lies ahead: no report is made then", code="as_of_in_future")
