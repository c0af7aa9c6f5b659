"""Seal a report: build it anew from the database, sign every part of it, keep it for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson

from service.access import audit
from service.core import queries
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.errors import Conflict, NotAllowed, NotFound, unknown_value
from service.reporting.answer import Answer, Question, build, question_of
from service.reporting.completeness import reasons_of
from service.reporting.desk import Desk
from service.reporting.query import body_params
from service.reporting.report import Report
from service.reporting.seals import params_of, period_of, scopes_of_period, seal_scopes
from service.reporting.snapshots import Platform
from service.reporting.statements.signature import ITEMS, canonical, digests_of, packed, signature_of
from service.schemas.statements import Statement, StatementAsk


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A statement ready to be kept: its row, and the data versions it raises."""

    values: Mapping[str, Any]
    scopes: Sequence[str]

    @property
    def seen(self) -> queries.StatementsSeen:
        """How it is found again by who has just sealed it."""
        return queries.StatementsSeen(desks=[self.values["desk"]])


async def sealed(platform: Platform, desk: Desk, asked: StatementAsk, caller: Caller) -> Sealed:
    """The report of this moment, signed by the caller.

    Raises `Invalid` for an unknown report or parameters it cannot use, `Conflict` (`incomplete`) for an
    answer that is not complete unless that is accepted, what the report's build raises, and what
    `Subjects.admit_signing` raises.
    """
    report = desk.report(asked.report)
    if report is None:
        raise unknown_value("/body/report", "report", asked.report, [one.name for one in desk.reports])
    caller.require(desk.reads_of(report))
    params = body_params(report, asked.params)
    async with platform.database.read() as conn:
        read_from = await queries.select_oldest_write(conn)
    question = question_of(platform, desk.name, report, params, caller)
    # From the primary: `read_from` speaks of its transactions.
    answer = await build(platform, question, replica=False)
    if desk.subjects is not None:
        async with platform.database.read() as conn:
            await desk.subjects.admit_signing(conn, caller, answer.subjects or ())
    if not answer.complete and not asked.accept_incomplete:
        raise _incomplete(answer)
    values = await platform.compute.in_thread(_signed, question, answer, asked, read_from)
    return Sealed(values=values, scopes=seal_scopes(desk.name, report, question.params))


async def keep(platform: Platform, conn: WriteConnection, made: Sealed, caller: Caller) -> dict[str, int]:
    """Write a statement with its audit; the data versions raised, the transaction's last statement."""
    await queries.insert_statement(conn, made.values)
    subject = f"statement:{made.values['id']}"
    told = {name: made.values[name] for name in ("desk", "report", "sha256")}
    about = _about(made.values["subjects"])
    await audit.record(conn, caller, "statement.sealed", subject, after=told, **about)
    return await platform.versions.raise_in(conn, made.scopes)


async def withdraw(
    platform: Platform, desk: Desk, conn: WriteConnection, statement: Statement, caller: Caller, reason: str
) -> dict[str, int]:
    """Note that the caller stands by a statement no longer. Raises `Conflict` where somebody did already.

    Where it is about somebody whom not everybody may see, only who signed it takes it back: `NotAllowed`.
    """
    if desk.subjects is not None and statement.sealed_by != caller.id:
        raise NotAllowed("only who signed this statement takes it back", code="not_yours")
    if not await queries.insert_withdrawal(conn, UUID(statement.id), caller.id, reason):
        raise Conflict("this statement is withdrawn already", code="already_withdrawn")
    subject = f"statement:{statement.id}"
    about = _about(await queries.select_subjects(conn, UUID(statement.id)))
    # The audit is for good: of somebody who can be erased it does not keep what is said about them.
    told = {"reason": reason} if desk.subjects is None else None
    await audit.record(conn, caller, "statement.withdrawn", subject, after=told, **about)
    period = None if statement.period is None else (statement.period.from_, statement.period.to)
    scopes = scopes_of_period(statement.desk, statement.report, period)
    return await platform.versions.raise_in(conn, scopes)


def _about(subjects: Sequence[int] | None) -> dict[str, Any]:
    """Whom a row of the audit is about, so that those around a child find it in its access log."""
    if not subjects:
        return {}
    return {"child_id": subjects[0]} if len(subjects) == 1 else {"child_ids": list(subjects)}


def declared(desk: Desk, name: str) -> Report[Any, Any]:
    """The report a statement is of. Raises `NotFound` where this version has it no more."""
    report = desk.report(name)
    if report is None:
        raise NotFound(f"{desk.name} has no report {name!r} any more; the statement itself is kept")
    return report


def _incomplete(answer: Answer) -> Conflict:
    reasons = reasons_of(answer.decoded()["meta"])
    told = "; ".join(reasons[:3]) + (f"; and {len(reasons) - 3} more" if len(reasons) > 3 else "")
    detail = f"this report is not complete: {told}. Wait, or seal it as it is"
    detail += " with `accept_incomplete` (`--accept-incomplete`)"
    return Conflict(detail, code="incomplete")


def _signed(question: Question, answer: Answer, asked: StatementAsk, read_from: datetime) -> dict[str, Any]:
    """The row of a statement, every part in its canonical form, with the digests."""
    report, caller, document = question.report, question.context.caller, answer.decoded()
    sites = report.sites(question.params, caller)
    start, end = period_of(report, question.params) or (None, None)
    meta = document["meta"]
    sources = {"complete_through": meta["complete_through"], "data_versions": dict(answer.versions)}
    values: dict[str, Any] = {
        "id": uuid4(),
        "desk": question.desk,
        "report": report.name,
        "title": report.title,
        "note": asked.note,
        "params": canonical(params_of(question.params)).decode(),
        "period_from": start,
        "period_to": end,
        "sites": None if sites is None else sorted(sites),
        "subjects": None if answer.subjects is None else list(answer.subjects),
        "rows": packed(canonical(document[ITEMS])),
        "row_count": len(document[ITEMS]),
        "summary": canonical(document["summary"]).decode(),
        "notes": canonical(document["notes"]).decode(),
        "meta": canonical(meta).decode(),
        "sources": canonical(sources).decode(),
        "complete": answer.complete,
        "sealed_by": caller.id,
        "sealed_by_name": caller.name,
        "sealed_at": datetime.now(UTC),
        "read_from": read_from,
    }
    digests = digests_of(values)
    return {**values, "digests": digests, "sha256": signature_of(digests)}


def loaded(text: str) -> Any:
    """A part that is kept as canonical JSON."""
    return orjson.loads(text)
