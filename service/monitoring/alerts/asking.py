"""Makes, changes, silences and removes rules; what they may watch."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Row, func

from service.access import audit
from service.core.auth import Caller
from service.core.database import ReadConnection, WriteConnection
from service.core.errors import (
    Conflict,
    FieldError,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    unknown_value,
)
from service.core.flags import NAMES
from service.core.settings import Settings
from service.monitoring.alerts import queries
from service.monitoring.alerts.sources import AGGREGATES
from service.monitoring.alerts.states import Limits
from service.monitoring.figures import FIGURES
from service.reporting.desk import Desk
from service.reporting.query import body_params
from service.reporting.report import Report
from service.reporting.subscriptions import failing
from service.reporting.subscriptions.signing import fingerprint, new_secret
from service.reporting.subscriptions.targets import problem_of
from service.schemas.monitoring.alerts import (
    AlertAsk,
    AlertEvent,
    AlertRule,
    AlertSource,
    NewAlertRule,
    SilenceAsk,
)

MOST: Final = 200
"""Rules: each is judged every 30 seconds."""
_UNITS: Final = {"data_age": "h", "burn_rate": "×", "checker": "s"}
_FIELDS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "figure": (frozenset({"figure"}), frozenset({"instance"})),
    "report": (frozenset({"desk", "report"}), frozenset({"params", "value"})),
    "gaps": (frozenset({"desk"}), frozenset({"code"})),
    "data_age": (frozenset({"desk"}), frozenset({"source"})),
    "burn_rate": (frozenset(), frozenset({"short_seconds", "long_seconds"})),
    "checker": (frozenset(), frozenset()),
}
"""The fields a source of each kind must have, and those it may have."""


def check(asked: AlertAsk, desks: Sequence[Desk], settings: Settings) -> None:
    """Raise `Invalid`, naming the field and what is near, where a rule cannot be meant."""
    check_source(asked.source, desks)
    if asked.clear_at is not None and not _is_hysteresis(asked):
        detail = (
            f"clear_at must lie on the harmless side of the threshold, of which {asked.comparison} is not"
        )
        raise _bad("/body/clear_at", "bad_clear_at", detail)
    if asked.flag is not None and asked.flag not in NAMES:
        raise unknown_value("/body/flag", "flag", asked.flag, NAMES)
    for place, channel in enumerate(asked.channels):
        wrong = problem_of(channel.channel, channel.target, settings.delivery)
        if wrong is not None:
            raise _bad(f"/body/channels/{place}/target", "bad_target", wrong)


def check_source(source: AlertSource, desks: Sequence[Desk]) -> None:
    """Raise `Invalid` for a source that gives no value of this kind."""
    needed, possible = _FIELDS[source.kind]
    given = {name for name in source.model_fields_set if getattr(source, name) not in (None, {})} - {"kind"}
    for name in sorted(needed - given):
        raise _bad(f"/body/source/{name}", "missing", f"a source of the kind {source.kind} needs {name}")
    for name in sorted(given - needed - possible):
        raise _bad(f"/body/source/{name}", "not_of_this_kind", f"a source {source.kind} has no {name}")
    if source.figure is not None and source.figure not in FIGURES:
        raise unknown_value("/body/source/figure", "figure", source.figure, FIGURES)
    if source.desk is not None:
        desk = next((desk for desk in desks if desk.name == source.desk), None)
        if desk is None:
            raise unknown_value("/body/source/desk", "desk", source.desk, [one.name for one in desks])
        _check_report(source, desk)
        _check_code(source, desk)


def _check_report(source: AlertSource, desk: Desk) -> None:
    if source.report is None:
        return
    report = desk.report(source.report)
    if report is None:
        raise unknown_value(
            "/body/source/report", "report", source.report, [one.name for one in desk.reports]
        )
    try:
        body_params(report, source.params)
    except Invalid as error:
        moved = [
            FieldError(one.pointer.replace("/body/params", "/body/source/params", 1), one.code, one.detail)
            for one in error.errors
        ]
        raise Invalid(error.detail, errors=moved) from None
    _check_value(source.value or "rows", report)


def _check_code(source: AlertSource, desk: Desk) -> None:
    """A code that no gap has would be a rule that never fires."""
    known = {*desk.gap_codes, *failing.CODES}
    if source.code is not None and source.code not in known:
        raise unknown_value("/body/source/code", "kind of gap", source.code, known)


def _check_value(value: str, report: Report[Any, Any]) -> None:
    how, _, name = value.partition(":")
    pointer = "/body/source/value"
    if value == "rows" or (how == "summary" and name):
        return
    if how not in AGGREGATES or not name:
        known = ["rows", "summary:<figure>", *(f"{one}:<column>" for one in AGGREGATES)]
        raise unknown_value(pointer, "value", value, known)
    if name not in columns_of(report):
        raise unknown_value(pointer, "column", name, columns_of(report))


def columns_of(report: Report[Any, Any]) -> list[str]:
    """The columns of a report's rows, as they travel."""
    return [info.alias or name for name, info in report.row.model_fields.items()]


def _is_hysteresis(asked: AlertAsk) -> bool:
    """Whether a firing rule can stay so past the threshold: not for = and !=."""
    assert asked.clear_at is not None
    if asked.comparison in {"=", "!="}:
        return False
    above = asked.comparison.startswith(">")
    return asked.clear_at <= asked.threshold if above else asked.clear_at >= asked.threshold


async def add(conn: WriteConnection, settings: Settings, asked: AlertAsk, caller: Caller) -> NewAlertRule:
    """A new rule. Raises `Conflict` where its name is taken, or where there are too many."""
    if await queries.count_rules(conn) >= MOST:
        raise Conflict(f"there are {MOST} rules; remove one first", code="too_many_alerts")
    made = uuid4()
    secret = new_secret(settings, made) if _has_webhook(asked) else None
    values = _columns(asked) | {
        "id": made,
        "secret_hash": None if secret is None else fingerprint(secret),
        "created_by": caller.id,
    }
    row = await queries.insert_rule(conn, values)
    if row is None:
        raise _taken(asked.name)
    await audit.record(conn, caller, "alert.created", f"alert:{made}", after=_audited(asked))
    return NewAlertRule(**rule_of(row).model_dump(), secret=secret)


async def change(
    conn: WriteConnection, settings: Settings, row: Row[Any], asked: AlertAsk, caller: Caller
) -> NewAlertRule:
    """The rule as it is asked for now; how it stands stays, unless it is switched off."""
    if await queries.name_is_taken(conn, asked.name, row.id):
        raise _taken(asked.name)
    secret = new_secret(settings, row.id) if _has_webhook(asked) and row.secret_hash is None else None
    values = _columns(asked) | {"version": row.version + 1, "changed_at": func.now()}
    if secret is not None:
        values["secret_hash"] = fingerprint(secret)
    if not asked.enabled and row.state != "ok":
        detail = f"switched off by {caller.id}"
        values |= {"state": "ok", "state_since": func.now(), "value": None, "detail": detail}
        event = {
            "rule_id": row.id,
            "state": "ok",
            "value": None,
            "threshold": row.threshold,
            "detail": detail,
        }
        await queries.insert_event(conn, event)
    changed = await queries.update_rule(conn, row.id, **values)
    before = rule_of(row).model_dump(mode="json", include=set(AlertAsk.model_fields))
    await audit.record(conn, caller, "alert.changed", f"alert:{row.id}", before=before, after=_audited(asked))
    return NewAlertRule(**rule_of(changed).model_dump(), secret=secret)


async def silence(conn: WriteConnection, row: Row[Any], asked: SilenceAsk, caller: Caller) -> AlertRule:
    """Tell nobody until then. Raises `Invalid` for an instant that has passed."""
    if asked.until is not None and asked.until <= await queries.select_now(conn) - timedelta(seconds=1):
        raise _bad("/body/until", "in_the_past", "give an instant that is still to come, or null")
    values = {
        "silenced_until": asked.until,
        "silenced_because": None if asked.until is None else asked.because,
    }
    changed = await queries.update_rule(conn, row.id, **values, version=row.version + 1)
    said = asked.model_dump(mode="json")
    await audit.record(conn, caller, "alert.silenced", f"alert:{row.id}", after=said)
    return rule_of(changed)


async def remove(conn: WriteConnection, row: Row[Any], caller: Caller) -> AlertRule:
    """Remove a rule for good, with its events; as it was."""
    await queries.delete_rule(conn, row.id)
    await audit.record(conn, caller, "alert.removed", f"alert:{row.id}", before={"name": row.name})
    return rule_of(row)


async def find(conn: ReadConnection, rule_id: str) -> Row[Any]:
    """A rule. Raises `NotFound`."""
    return _found(await queries.select_rule(conn, _identifier(rule_id)), rule_id)


async def hold(conn: WriteConnection, rule_id: str) -> Row[Any]:
    """A rule, held until the transaction ends. Raises `NotFound`."""
    return _found(await queries.lock_rule(conn, _identifier(rule_id)), rule_id)


def require_version(row: Row[Any], if_match: str | None) -> None:
    """Raise unless `If-Match` names the version that is there."""
    if if_match is None:
        detail = f'send If-Match: "{row.version}", the version (ETag) of the rule that you change'
        raise PreconditionRequired(detail)
    offered = {tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")}
    if not offered & {str(row.version), "*"}:
        raise PreconditionFailed(f"the rule is at version {row.version} by now; read it again")


def rule_of(row: Row[Any]) -> AlertRule:
    """A row as it travels."""
    source = AlertSource.model_validate(row.source)
    figure = FIGURES.get(source.figure or "")
    unit = figure.unit if figure is not None else _UNITS.get(source.kind, "")
    return AlertRule.model_validate({**row._asdict(), "id": str(row.id), "unit": unit})


def event_of(row: Row[Any]) -> AlertEvent:
    """A row as it travels."""
    return AlertEvent.model_validate(row._asdict())


def limits_of(row: Row[Any]) -> Limits:
    """What a rule compares with."""
    return Limits(row.comparison, row.threshold, row.clear_at, timedelta(seconds=row.for_seconds))


def summary_names(summary: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The figures of a summary, those of its parts by `part.figure`."""
    for name, value in summary.items():
        if isinstance(value, Mapping):
            yield from summary_names(value, f"{path}{name}.")
        else:
            yield f"{path}{name}"


def _columns(asked: AlertAsk) -> dict[str, Any]:
    values = asked.model_dump(exclude={"source", "channels"})
    source = asked.source.model_dump(mode="json", exclude_defaults=True)
    return values | {"source": source, "channels": [one.model_dump() for one in asked.channels]}


def _audited(asked: AlertAsk) -> dict[str, Any]:
    return asked.model_dump(mode="json", exclude_defaults=True)


def _has_webhook(asked: AlertAsk) -> bool:
    return any(channel.channel == "webhook" for channel in asked.channels)


def _identifier(rule_id: str) -> UUID:
    try:
        return UUID(rule_id)
    except ValueError:
        raise NotFound(f"there is no alert rule {rule_id!r}") from None


def _found(row: Row[Any] | None, rule_id: str) -> Row[Any]:
    if row is None:
        raise NotFound(f"there is no alert rule {rule_id}")
    return row


def _taken(name: str) -> Conflict:
    return Conflict(f"there is a rule {name!r} already; choose another name", code="name_taken")


def _bad(pointer: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(pointer, code, detail)])
