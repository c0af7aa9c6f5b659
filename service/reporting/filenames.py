"""Names of files: `{report}_{site}_{from}_{to}_{utc}.{ext}` (spec F.5)."""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from service.reporting.answer import Question
from service.reporting.seals import params_of

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST: Final = 120
_PLACED: Final = frozenset({"site", "from", "to", "month"})


def file_stem(question: Question) -> str:
    """Report, site, first and last day, then the other parameters that were asked for."""
    values = params_of(question.params)
    fields = type(question.params).model_fields
    asked = [fields[name].alias or name for name in sorted(question.given)]
    others = [_part(name, values[name]) for name in asked if name in values and name not in _PLACED]
    return "_".join(filter(None, [question.report.name, values.get("site"), *_window(values), *others]))


def file_name(stem: str, extension: str, generated_at: datetime | None, *, complete: bool) -> str:
    """The stem, the commit time of the newest data, and whether something is missing.

    Equal data give equal names; an incomplete answer says so where no format can lose it.
    """
    stamp = "" if generated_at is None else f"{generated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    known = "_".join(filter(None, [stamp, "" if complete else "incomplete"]))
    room = LONGEST - len(known) - 1  # long parameters are shortened, never what is known
    asked = _UNSAFE.sub("-", stem)[:room].strip("-_")
    return f"{'_'.join(filter(None, [asked, known]))}.{extension}"


def _window(values: Mapping[str, Any]) -> Iterator[str]:
    month = values.get("month")
    if isinstance(month, str) and re.fullmatch(r"\d{4}-\d{2}", month):
        first = date.fromisoformat(f"{month}-01")
        yield first.isoformat()
        yield first.replace(day=calendar.monthrange(first.year, first.month)[1]).isoformat()
        return
    yield from (str(values[name]) for name in ("from", "to") if values.get(name))


def _part(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return name if value else ""
    return "-".join(map(str, value)) if isinstance(value, list) else str(value)
