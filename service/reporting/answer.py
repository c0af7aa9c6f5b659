"""From parameters to one finished answer: data versions, snapshot, build, meta, JSON bytes, kept copies."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import orjson

from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.telemetry import timed
from service.core.versions import token
from service.reporting.report import BuildContext, Built, Report
from service.reporting.seals import params_of, seal_scopes, seals_of
from service.reporting.snapshots import Platform, Snapshot, reach, snapshot_of
from service.schemas.envelope import Ask, Meta, Seal

# Copies whose time has passed are stepped over by name; after so many in one lifetime, nothing is kept.
MOST_STEPS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A report's JSON (`ReportAnswer`) with what its copies need to know of it."""

    body: bytes
    versions: Mapping[str, int]
    complete: bool
    expires_at: datetime | None
    digest: str
    generated_at: datetime | None
    subjects: tuple[int, ...] | None = None
    """Whom it is about, where not everybody may see them."""

    @property
    def data_version(self) -> str:
        """The opaque `Data-Version`."""
        return token(self.versions)

    def decoded(self) -> dict[str, Any]:
        """The JSON as Python values, for the other formats."""
        decoded: dict[str, Any] = orjson.loads(self.body)
        return decoded

    def packed(self) -> bytes:
        """As one value for the cache: a line of JSON about it, then the body."""
        made = [self.digest, self.generated_at, self.subjects]
        about = [dict(self.versions), self.complete, self.expires_at, *made]
        return orjson.dumps(about) + b"\n" + self.body

    @classmethod
    def unpacked(cls, value: bytes) -> "Answer":
        """The reverse of `packed`."""
        about, _, body = value.partition(b"\n")
        versions, complete, expires_at, digest, generated_at, subjects = orjson.loads(about)
        return cls(
            body=body,
            versions=versions,
            complete=complete,
            expires_at=_instant(expires_at),
            digest=digest,
            generated_at=_instant(generated_at),
            subjects=None if subjects is None else tuple(subjects),
        )

    def passed(self) -> bool:
        """Whether the instant at which it would read differently has come."""
        return self.expires_at is not None and self.expires_at <= datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One request for one report, parameters resolved."""

    desk: str
    report: Report[Any, Any]
    params: Ask
    given: frozenset[str]
    """The parameters that were asked for, by field name; the others are defaults."""
    context: BuildContext
    scopes: tuple[str, ...]
    least: Mapping[str, int]
    by_clock: bool
    """Whether a default of the parameters came from the clock: the same URL asks something else tomorrow."""

    def key(self, versions: Mapping[str, int]) -> str:
        """The cache key: report, parameters, visibility and data versions; of subjects, the caller too."""
        params = orjson.dumps(params_of(self.params), option=orjson.OPT_SORT_KEYS)
        caller = self.context.caller
        reader = caller.visibility if self.report.whom is None else f"{caller.visibility} {caller.id}"
        text = b"\0".join([params, reader.encode(), token(versions).encode()])
        return f"{self.desk}/{self.report.name}/{hashlib.sha256(text).hexdigest()[:32]}"


async def ask(
    platform: Platform,
    desk: str,
    report: Report[Any, Any],
    params: Ask,
    caller: Caller,
    *,
    minimum: Mapping[str, int] | None = None,
) -> tuple[Question, Answer]:
    """Answer a report from a kept copy or by one build that all who wait share.

    `minimum` are versions the caller has already seen (`Min-Data-Version`); raises `Unavailable` when the
    database does not show them within a second, and whatever the report's build raises.
    """
    await reach(platform, minimum)
    question = question_of(platform, desk, report, params, caller, minimum=minimum)
    may_keep = report.lifetime > timedelta(0) and platform.flags.acts("shared_cache", caller.id)
    if not may_keep or not platform.versions.trusted:
        return question, await build(platform, question)
    if report.whom is not None:  # the copy was built for this caller, who may see less by now
        async with platform.database.read() as conn:
            await report.whom(conn, question.params, question.context)
    return question, await _kept_or_built(platform, question)


def question_of(
    platform: Platform,
    desk: str,
    report: Report[Any, Any],
    params: Ask,
    caller: Caller,
    *,
    minimum: Mapping[str, int] | None = None,
) -> Question:
    """The question of this moment: parameters resolved, data versions as they are known."""
    context = BuildContext(now=datetime.now(UTC), caller=caller, settings=platform.settings)
    resolved = report.resolve(params, context) if report.resolve else params
    scopes = (*report.scope(resolved), *seal_scopes(desk, report, resolved))
    return Question(
        desk=desk,
        report=report,
        params=resolved,
        given=frozenset(params.model_fields_set),
        context=context,
        scopes=scopes,
        least=_newest(platform.versions.known(scopes), minimum or {}),
        by_clock=resolved != params,
    )


async def _kept_or_built(platform: Platform, question: Question) -> Answer:
    async def build_packed() -> bytes:
        return (await build(platform, question)).packed()

    first = key = question.key(question.least)
    for _ in range(MOST_STEPS):
        value = await platform.cache.get_or_build(
            key, build_packed, ttl=_life(platform, question), namespace=f"report/{question.desk}"
        )
        answer = Answer.unpacked(value)
        if not answer.passed():
            return answer
        assert answer.expires_at is not None
        key = f"{first}@{answer.expires_at.timestamp():.6f}"
    return await build(platform, question)


async def build(platform: Platform, question: Question, *, replica: bool = True) -> Answer:
    """The answer from the database itself, whatever is kept; `replica`: a replica that is new enough may do.

    Raises what the report's build raises, and `Unavailable` where a replica stays behind.
    """
    reader = question.context.caller
    async with snapshot_of(platform, question.scopes, question.least, reader, replica=replica) as seen:
        return await build_in(seen, question)


async def build_in(seen: Snapshot, question: Question) -> Answer:
    """The answer from a snapshot that holds the versions of the question's scopes."""
    with timed("report", desk=question.desk, report=question.report.name) as fields:
        subjects = await whom(seen.conn, question)
        built = await question.report.build(seen.conn, question.params, question.context)
        sealed = await seals_of(
            seen.conn, question.desk, question.report, question.params, question.context.caller, subjects
        )
        fields["rows"] = len(built.rows)
        return _finished(question, built, seen, sealed, subjects)


async def whom(conn: ReadConnection, question: Question) -> tuple[int, ...] | None:
    """Whom the answer is about; raises where the caller may not see them. None: everybody may see them."""
    asked = question.report.whom
    return None if asked is None else tuple(await asked(conn, question.params, question.context))


def _finished(
    question: Question,
    built: Built,
    seen: Snapshot,
    sealed: Sequence[Seal],
    subjects: tuple[int, ...] | None,
) -> Answer:
    body = orjson.dumps(document_of(question, built, seen, sealed), default=_wire_value)
    return Answer(
        body=body,
        versions=seen.versions,
        complete=built.completeness.complete,
        expires_at=_expiry(question, built),
        digest=hashlib.sha256(body).hexdigest()[:32],
        generated_at=seen.raised_at,
        subjects=subjects,
    )


def document_of(question: Question, built: Built, seen: Snapshot, sealed: Sequence[Seal]) -> dict[str, Any]:
    """The `ReportAnswer` with its rows as the build gave them."""
    return {
        "report": question.report.name,
        "params": params_of(question.params),
        "items": built.rows,
        "summary": built.summary,
        "notes": list(built.notes),
        "meta": _meta(built, seen, sealed).model_dump(mode="json", by_alias=True),
    }


def wire_of(document: Any) -> Any:
    """What is built as the values it has in JSON, for files that are written without the JSON."""
    return orjson.loads(orjson.dumps(document, default=_wire_value))


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _life(platform: Platform, question: Question) -> timedelta:
    """How long the shared copy lives: as long as the report says and the settings allow."""
    chosen = platform.settings.cache
    most = chosen.children_ttl if question.desk == "children" else chosen.analytics_ttl
    return min(question.report.lifetime, timedelta(seconds=most))


def _expiry(question: Question, built: Built) -> datetime | None:
    # At least a second ahead: a build that names the present must not be built again by everyone who waits.
    soonest = question.context.now + timedelta(seconds=1)
    return None if built.next_change is None else max(built.next_change.astimezone(UTC), soonest)


def _meta(built: Built, seen: Snapshot, sealed: Sequence[Seal]) -> Meta:
    state = built.completeness
    return Meta(
        as_of=state.as_of,
        complete_through=dict(state.complete_through),
        complete=state.complete,
        incomplete_reasons=list(state.reasons),
        gaps=list(state.gaps),
        timezone=built.timezone,
        rules_version=built.rules_version,
        data_version=token(seen.versions),
        generated_at=seen.raised_at,
        sealed=list(sealed),
    )


def _wire_value(value: Any) -> Any:
    """What orjson does not know: decimals travel as strings, mappings and sequences of rows as they are."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"a report's row holds a {type(value).__name__}, which has no JSON form")


def _newest(known: Mapping[str, int], seen: Mapping[str, int]) -> dict[str, int]:
    """What is known here, or what the caller has seen where that is newer: never what was true before."""
    return {scope: max(version, seen.get(scope, 0)) for scope, version in known.items()}
