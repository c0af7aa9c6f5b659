"""A sealed report held against the same report of today: every figure that differs, each with its causes."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Row, column

from service.core.auth import Caller
from service.core.errors import Conflict, Invalid
from service.core.paging import Cursors, Paging, SortKey
from service.core.settings import Settings
from service.reporting.answer import Answer, Question, build_in, question_of
from service.reporting.desk import Desk
from service.reporting.report import BuildContext, Difference, Report, Sealing
from service.reporting.snapshots import Platform, Snapshot, snapshot_of
from service.reporting.statements.sealing import declared
from service.reporting.statements.shown import answer_of, statement_of
from service.reporting.statements.signature import canonical
from service.schemas.envelope import Ask, Cause, Change, Meta
from service.schemas.statements import ChangeListing, StatementChangesAsk, SummaryChange

_ORDER = (SortKey("place", column("place")),)
Placed = tuple[str, Mapping[str, Any]]


async def changes(
    platform: Platform, desk: Desk, row: Row[Any], caller: Caller, asked: StatementChangesAsk
) -> ChangeListing:
    """A page of the differences between a statement and today, read in one snapshot.

    Today's report is asked as the statement was: same parameters, same sites. Raises `NotFound` for a report
    that is no more, `Conflict` (`not_comparable`) where its parameters name what is no more.
    """
    report = declared(desk, row.report)
    paging = _paging(platform.settings, row, asked)
    seen_by = replace(caller, sites=None if row.sites is None else frozenset(row.sites))
    params = report.params.model_validate(orjson.loads(row.params))
    question = question_of(platform, desk.name, report, params, seen_by)
    reader = question.context.caller
    async with snapshot_of(platform, question.scopes, question.least, reader, replica=False) as seen:
        answer = await _today(seen, question)
        sealed, today = await platform.compute.in_thread(lambda: (answer_of(row), answer.decoded()))
        found = await platform.compute.in_thread(differences, report, sealed["items"], today["items"])
        summary = await platform.compute.in_thread(summary_changes, sealed["summary"], today["summary"])
        after = "" if paging.place is None else paging.place[0]
        shown, page = paging.page(
            [entry for entry in found if entry.place > after],
            (len(found), False) if paging.wants_total else None,
        )
        sealing = Sealing(
            read_from=row.read_from,
            rules_version=sealed["meta"]["rules_version"],
            rules_today=today["meta"]["rules_version"],
        )
        causes = await _causes(seen, report, question.params, shown, sealing, question.context)
    counts: Counter[Any] = Counter(entry.kind for entry in found)
    items = [_change(entry, why) for entry, why in zip(shown, causes, strict=True)]
    meta = Meta.model_validate(today["meta"])
    return ChangeListing(
        items=items, summary=summary, page=page, counts=counts, statement=statement_of(row), meta=meta
    )


async def _today(seen: Snapshot, question: Question) -> Answer:
    """Today's answer to the statement's own question; `Conflict` where it names what is no more."""
    try:
        return await build_in(seen, question)
    except Invalid as error:
        detail = f"the report of today cannot be asked as it was when it was sealed: {error.detail}"
        raise Conflict(detail, code="not_comparable") from None


def differences(
    report: Report[Any, Any], sealed: Sequence[Mapping[str, Any]], today: Sequence[Mapping[str, Any]]
) -> list[Difference]:
    """Everything that differs, by row and figure; rows of the same key are matched in their order."""
    before, after = dict(_named(report, sealed)), dict(_named(report, today))
    found: list[Difference] = []
    for name in sorted(before.keys() | after.keys()):
        found += _of_row(report, name, before.get(name), after.get(name))
    return found


def summary_changes(sealed: Mapping[str, Any], today: Mapping[str, Any]) -> list[SummaryChange]:
    """The figures of two summaries that differ, by their names.

    Parts of today's that hold figures by name and were not in the report when it was sealed state no change.
    """
    known = {name: value for name, value in today.items() if name in sealed or not isinstance(value, Mapping)}
    before, after = dict(_figures(sealed)), dict(_figures(known))
    return [
        SummaryChange(figure=figure, sealed=before.get(figure), today=after.get(figure))
        for figure in sorted(before.keys() | after.keys())
        if before.get(figure) != after.get(figure)
    ]


def _of_row(
    report: Report[Any, Any], name: str, sealed: Mapping[str, Any] | None, today: Mapping[str, Any] | None
) -> Iterator[Difference]:
    if sealed == today:
        return
    present = sealed if sealed is not None else today
    assert present is not None
    key = {word: present.get(word) for word in report.key}
    if sealed is None or today is None:
        kind = "appeared" if sealed is None else "vanished"
        yield Difference(place=name, kind=kind, key=key, figure=None, sealed=sealed, today=today)  # type: ignore[arg-type]  # one of the two words
        return
    before, after = dict(_figures(sealed)), dict(_figures(today))
    for figure in sorted((before.keys() | after.keys()) - set(report.advice)):
        old, new = before.get(figure), after.get(figure)
        if old != new:
            place = f"{name}\x1f{figure}"
            yield Difference(place=place, kind="changed", key=key, figure=figure, sealed=old, today=new)


def _named(report: Report[Any, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[Placed]:
    """Rows by what names them; a report without a key has rows that can only come and go."""
    times: Counter[str] = Counter()
    for row in rows:
        name = canonical([row.get(word) for word in report.key]).decode() if report.key else _digest(row)
        yield f"{name}\x1f{times[name]:06}", row
        times[name] += 1


def _digest(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(row)).hexdigest()


def _figures(row: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each figure of a row or summary; what holds figures by name, as the days of a sheet, one by one."""
    for name, value in row.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", part) for inner, part in _figures(value))
        else:
            yield name, value


async def _causes(
    seen: Snapshot,
    report: Report[Any, Any],
    params: Ask,
    shown: Sequence[Difference],
    sealing: Sealing,
    context: BuildContext,
) -> Sequence[Sequence[Cause]]:
    if report.causes is None or not shown:
        return [_unknown(sealing) for _ in shown]
    found = await report.causes(seen.conn, params, shown, sealing, context)
    return [why or _unknown(sealing) for why in found]


def _unknown(sealing: Sealing) -> list[Cause]:
    """What can be said where the desk does not know more."""
    detail = "computed anew since; which input made the difference is not recorded"
    return sealing.new_rules or [Cause(code="recomputed", detail=detail)]


def _change(entry: Difference, causes: Sequence[Cause]) -> Change:
    return Change(
        kind=entry.kind,
        key=dict(entry.key),
        figure=entry.figure,
        sealed=entry.sealed,
        today=entry.today,
        causes=list(causes),
    )


def _paging(settings: Settings, row: Row[Any], asked: StatementChangesAsk) -> Paging:
    return Paging(Cursors.of(settings), asked, f"statements/{row.id}/changes", _ORDER)
