"""A report as one self-contained HTML page: sortable table, completeness in words, explanations on a click.

Style and script lie inside the page and are named by their hashes in the content security policy, so equal
answers are equal bytes and no inline code but ours can run.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from itertools import islice
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from markupsafe import Markup

from service.reporting.columns import Column, wall_clock
from service.reporting.pages import CONTENT_SECURITY_POLICY, templates
from service.reporting.pages.shown import answered_window, banner, shown, shown_facts
from service.reporting.report import Formatter, View
from service.reporting.words import words

ROWS_IN_A_PIECE: Final = 200
LONG_TEXT: Final = 36
"""Longer texts are wrapped, so that no column pushes the others off the page."""
MOST_ON_PAPER: Final = 20
"""More columns are printed on larger paper, so that no number is broken over two lines."""
MOST_KNOWN: Final = 1_000
# Stands in the template where the rows go: they are written one by one, not held as one string.
_ROWS: Final = "<!--rows-->"


def pieces(view: View) -> Iterable[bytes]:
    """The page in pieces: what comes before the rows, the rows, what comes after."""
    before, _, after = _frame(view).partition(_ROWS)
    yield before.encode()
    rows = _rows(view)
    while block := "".join(islice(rows, ROWS_IN_A_PIECE)):
        yield block.encode()
    yield after.encode()


def explain_question(view: View) -> tuple[frozenset[str], dict[str, str]]:
    """Which fields a row gives to the explain route, and what the report's parameters give for all rows."""
    asked = view.report.explain_params
    if asked is None or view.statement is not None:
        # What is explained are the figures of today, not those that were signed.
        return frozenset(), {}
    names = [info.alias or name for name, info in asked.model_fields.items()]
    first = view.rows[0] if view.rows else {}
    from_rows = frozenset(name for name in names if name in first)
    given = {**_scalars(view.answer["params"]), **answered_window(view.answer)}
    return from_rows, {name: given[name] for name in names if name not in from_rows and name in given}


def _frame(view: View) -> str:
    answer, locale = view.answer, view.style.locale
    from_rows, for_all = explain_question(view)
    zone, statement = answer["meta"]["timezone"], view.statement
    template = templates(view.desk).get_template(view.report.page or "report.html")
    return template.render(
        words=words(locale),
        locale=locale,
        desk=view.desk,
        report=view.report,
        writes=view.writes and bool(view.report.overrides),
        overrides=view.report.overrides,
        title=view.report.title_in(locale),
        answer=answer,
        columns=[(column, _column_query(column)) for column in view.columns],
        facts=shown_facts(answer, locale, view.report.labels_in(locale), view.report.light),
        of_all=_of_all(view),
        drawn={} if view.report.drawn is None else view.report.drawn(answer, locale),
        legend=view.report.legend_of(view.columns, locale),
        banner=banner(answer["meta"], locale),
        statement=statement,
        sealed_at="" if statement is None else wall_clock(statement["sealed_at"], zone),
        seals=[(seal, wall_clock(seal["sealed_at"], zone)) for seal in answer["meta"]["sealed"]],
        files=_files(view),
        wide=sum(column.width == "normal" for column in view.columns) > MOST_ON_PAPER,
        rows=Markup(_ROWS),  # noqa: S704  our own comment, replaced by escaped rows
        count=len(view.rows),
        explains=bool(view.report.explain_params and (from_rows or for_all)),
        for_all=urlencode(for_all),
    )


def _of_all(view: View) -> str | None:
    """What asks for the explanation of a figure of the summary, but for the figure's name."""
    asked = view.report.explain_params
    if asked is None or view.statement is not None:
        return None
    names = {info.alias or name for name, info in asked.model_fields.items()}
    given = {name: value for name, value in view.answer["params"].items() if name in names}
    return urlencode(given | {"format": "html", "locale": view.style.locale}, doseq=True)


def _files(view: View) -> list[tuple[str, str]]:
    """The same answer as files: names and addresses, relative to the page's own."""
    asked = dict(view.answer["params"]) if view.statement is None else {}
    if view.style.locale != "en":
        asked["locale"] = view.style.locale
    usual = ("csv", "xlsx", "json")
    names = [*usual, *(name for name in view.report.formats if name not in {*usual, "html"})]
    query = urlencode(asked, doseq=True)
    path = view.report.name if view.statement is None else "file"
    return [(name, f"{path}?{query}{'&' if query else ''}format={name}") for name in names]


def _rows(view: View) -> Iterator[str]:
    from_rows, _ = explain_question(view)
    asked = sorted(from_rows)
    cells = [_cell_writer(column, place, view) for place, column in enumerate(view.columns)]
    for row in view.rows:
        query = urlencode({name: row[name] for name in asked if row.get(name) is not None})
        asks = f' data-q="{escape(query)}"' if query else ""
        yield f"<tr{asks}{_proposals(row, view)}>" + "".join([write(row) for write in cells]) + "</tr>\n"


def _proposals(row: Mapping[str, Any], view: View) -> str:
    """What may be decided about a row, for the script; only where who reads may decide it and nobody has."""
    open_still = view.writes and row.get("fixes") and row.get("dismissed") is None
    return f' data-fixes="{escape(orjson.dumps(row["fixes"]).decode())}"' if open_still else ""


def _cell_writer(column: Column, place: int, view: View) -> Callable[[Mapping[str, Any]], str]:
    """What writes a column's cells; equal cells, such as the codes of a sheet, are written once."""
    zone, locale = view.answer["meta"]["timezone"], view.style.locale
    known: dict[tuple[Any, str, str], str] = {}

    def write(row: Mapping[str, Any]) -> str:
        value = column.value(row)
        mark = "" if column.mark is None else column.mark(row)
        hint = "" if column.hint is None else column.hint(row)
        key = (value if isinstance(value, str) else None, mark, hint)
        kept = known.get(key) if key[0] is not None else None
        if kept is not None:
            return kept
        text = escape(shown(value, column.kind, zone, locale))
        cell = f'<th scope="row">{text}</th>' if place == 0 else _cell(text, column, mark, hint)
        if key[0] is not None and len(known) < MOST_KNOWN:
            known[key] = cell
        return cell

    return write


def _cell(text: str, column: Column, mark: str, hint: str) -> str:
    classes = ["n"] if column.kind in {"number", "pounds", "duration"} else []
    classes += ["c"] if column.width == "code" else []
    classes += ["w"] if len(text) > LONG_TEXT else []
    classes += [f"m-{mark}"] if mark else []
    named = f' class="{escape(" ".join(classes))}"' if classes else ""
    return f"<td{named}" + (f' title="{escape(hint)}"' if hint else "") + f">{text}</td>"


def _column_query(column: Column) -> str | None:
    return None if column.explain is None else urlencode(column.explain)


def _scalars(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in params.items() if isinstance(value, str | int)}


HTML: Final = Formatter(
    media_type="text/html; charset=utf-8",
    extension="html",
    write=pieces,
    attachment=False,
    headers={
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    },
)
