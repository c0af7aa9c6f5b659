"""Where a rule's value comes from: figures, reports, gaps, age of data, latency objective, the checker.

No value goes without its completeness: the words of a reading say as of when it is, and what is missing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Row

from service.core.auth import SYSTEM
from service.core.database import ReadConnection
from service.core.errors import ServiceError
from service.core.runtime import Runtime
from service.core.telemetry import get_logger, told
from service.core.versions import read_versions
from service.monitoring.alerts import queries
from service.monitoring.alerts.states import Reading
from service.monitoring.figures import FIGURES, slower_than
from service.monitoring.history import queries as history
from service.monitoring.history.spans import RINGS, merged, restored
from service.reporting.answer import ask, question_of
from service.reporting.completeness import reasons_of
from service.reporting.desk import Desk
from service.reporting.gaps import placed_gaps
from service.reporting.query import body_params
from service.reporting.report import BuildContext
from service.schemas.monitoring.alerts import AlertSource

LATEST: Final = 60
"""Seconds of history that a figure is read from."""
SHORT, LONG = 300, 3600
"""Windows of the burn rate by default: Google, The Site Reliability Workbook, chapter 5, table 5-8."""
LEAST_REQUESTS: Final = 100
"""Of the long window: one slow request of three would burn 33 times the budget."""
WITHIN: Final = 60.0
EVALUATION: Final = "monitoring.alerts"
"""The job that evaluates."""
_UPWARDS: Final = frozenset({">", ">=", "=", "!="})

log = get_logger(__name__)
Aggregate = Callable[[Iterable[float]], float]
AGGREGATES: Final[Mapping[str, Aggregate]] = {"max": max, "min": min, "sum": sum}


class Sources:
    """Reads values, for a process with these desks."""

    def __init__(self, runtime: Runtime, desks: Sequence[Desk]) -> None:
        self.runtime = runtime
        self.desks = {desk.name: desk for desk in desks}
        self._kinds: Mapping[str, Callable[[AlertSource, str], Awaitable[Reading]]] = {
            "figure": self._figure,
            "report": self._report,
            "gaps": self._gaps,
            "data_age": self._data_age,
            "burn_rate": self._burn_rate,
            "checker": self._checker,
        }

    async def read(self, stored: Mapping[str, Any], comparison: str) -> Reading:
        """The value of a rule's source now; one that cannot be had is a reading as well, and says why."""
        try:
            source = AlertSource.model_validate(stored)
            async with asyncio.timeout(WITHIN):
                return await self._kinds[source.kind](source, comparison)
        except TimeoutError:
            return Reading(None, f"it could not be read within {WITHIN:g} s")
        except ServiceError as error:
            return Reading(None, error.detail)
        except Exception as error:  # whatever it is, the other rules are judged
            log.warning("an alert's value could not be read", error=type(error).__name__, detail=told(error))
            return Reading(None, f"it could not be read ({type(error).__name__})")

    async def _figure(self, source: AlertSource, comparison: str) -> Reading:
        figure = FIGURES.get(source.figure or "")
        if figure is None:
            return Reading(None, f"there is no figure {source.figure!r} any more")
        ring = RINGS[0]
        async with self.runtime.database.snapshot() as conn:
            now = await history.select_clock(conn)
            start = now - LATEST - ring.seconds
            rows = await history.select_spans(conn, ring.seconds, start, now, source.instance)
        if not rows:
            return Reading(None, f"no figures were noted within the last {LATEST} s", figure.unit)
        values = _by_instance(rows, figure.name)
        if not values:
            return Reading(None, f"{figure.title}: nothing happened that could tell of it", figure.unit, True)
        worst = (max if comparison in _UPWARDS else min)(values, key=lambda name: values[name])
        detail = f"{figure.title}: {values[worst]:.6g} {figure.unit} over the last {LATEST} s at {worst}"
        return Reading(values[worst], f"{detail}, of {len(values)}", figure.unit)

    async def _burn_rate(self, source: AlertSource, _: str) -> Reading:
        chosen = self.runtime.settings.monitoring
        windows = (source.short_seconds or SHORT, source.long_seconds or LONG)
        async with self.runtime.database.snapshot() as conn:
            now = await history.select_clock(conn)
            known = [await _times(conn, now, window) for window in windows]
        objective = f"{chosen.latency_share:g} % within {chosen.latency_objective * 1000:g} ms"
        if not any(known):
            return Reading(None, f"no requests were noted in the last {max(windows)} s", "×")
        counted = [_slow(times, chosen.latency_objective) for times in known]
        if counted[1][1] < LEAST_REQUESTS:
            few = f"{counted[1][1]:.0f} requests in {max(windows)} s are too few to judge ({LEAST_REQUESTS})"
            return Reading(None, few, "×", True)
        allowed = 1 - chosen.latency_share / 100
        rates = [slow / total / allowed if total else 0.0 for slow, total in counted]
        said = ", ".join(f"{rate:.3g} × over {window} s" for rate, window in zip(rates, windows, strict=True))
        return Reading(min(rates), f"Budget of {objective} burns at {said}", "×")

    async def _report(self, source: AlertSource, _comparison: str) -> Reading:
        desk = self.desks.get(source.desk or "")
        report = None if desk is None else desk.report(source.report or "")
        if desk is None or report is None:
            return _not_running(source)
        params = body_params(report, source.params)
        scopes = question_of(self.runtime, desk.name, report, params, SYSTEM).scopes
        async with self.runtime.database.read() as conn:
            versions, _at = await read_versions(conn, scopes)
        self.runtime.versions.apply(versions)  # a notice may still be under way: the kept answer must be new
        _question, answer = await ask(self.runtime, desk.name, report, params, SYSTEM)
        document = await asyncio.to_thread(answer.decoded)
        value = value_of(document, source.value or "rows")
        what = f"{source.value or 'rows'} of {desk.name}/{report.name}"
        said = f"{what}: {'none' if value is None else f'{value:.6g}'}"
        return Reading(value, f"{said}; {_completeness(document['meta'])}", idle=value is None)

    async def _gaps(self, source: AlertSource, _: str) -> Reading:
        desk = self.desks.get(source.desk or "")
        if desk is None:
            return _not_running(source)
        async with self.runtime.database.snapshot() as conn:
            now = await queries.select_now(conn)
            context = BuildContext(now=now, caller=SYSTEM, settings=self.runtime.settings)
            found = await placed_gaps(conn, [desk], context)
        count = sum(source.code in {None, entry.gap.code} for entry in found)
        kind = "gaps" if source.code is None else f"gaps {source.code}"
        return Reading(float(count), f"{count} open {kind} of {desk.name}, as of {_shown(now)}")

    async def _data_age(self, source: AlertSource, _: str) -> Reading:
        desk = self.desks.get(source.desk or "")
        if desk is None or desk.freshness is None:
            return _not_running(source)
        async with self.runtime.database.snapshot() as conn:
            now = await queries.select_now(conn)
            known = await desk.freshness(conn)
        if not known:
            return Reading(None, f"nothing is read by {desk.name} so far", "h", True)
        if source.source is not None:
            if source.source not in known:
                there = ", ".join(sorted(known))
                return Reading(None, f"{desk.name} reads no {source.source!r}; there are: {there}", "h")
            known = {source.source: known[source.source]}
        never = [name for name, instant in known.items() if instant is None]
        if never:
            return Reading(None, f"{', '.join(never)}: not read to the end even once", "h")
        oldest, instant = min(((one, at) for one, at in known.items() if at), key=lambda pair: pair[1])
        hours = (now - instant).total_seconds() / 3600
        detail = f"{oldest} of {desk.name} is complete through {_shown(instant)}, {hours:.1f} h ago"
        return Reading(hours, detail, "h")

    async def _checker(self, _source: AlertSource, _: str) -> Reading:
        async with self.runtime.database.snapshot() as conn:
            now = await queries.select_now(conn)
            last = await queries.select_last_evaluation(conn, EVALUATION)
        if last is None:
            return Reading(None, "alerts were not evaluated so far", "s")
        seconds = max(0.0, (now - last.finished_at).total_seconds())
        return Reading(seconds, f"alerts were evaluated {seconds:.0f} s ago", "s")


def value_of(document: Mapping[str, Any], asked: str) -> float | None:
    """Of an answer: `rows`, `<aggregate>:<column>` or `summary:<figure>`; None where it has none."""
    how, _, name = asked.partition(":")
    if how == "rows":
        return float(len(document["items"]))
    if how == "summary":
        found: Any = document["summary"]
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return number(found)
    values = [value for row in document["items"] if (value := number(row.get(name))) is not None]
    return float(AGGREGATES[how](values)) if values else None


def number(value: Any) -> float | None:
    """A value of an answer as a number, decimals that travel as text too; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _by_instance(rows: Sequence[Row[Any]], figure: str) -> dict[str, float]:
    """The figure rolled up over each installation's spans, where any tells of it."""
    spans: dict[str, list[Any]] = {}
    for row in rows:
        spans.setdefault(row.instance, []).append(restored(orjson.loads(row.figures)))
    whole = {name: merged(told_of).values.get(figure) for name, told_of in spans.items()}
    return {name: value.value for name, value in whole.items() if value is not None}


async def _times(conn: ReadConnection, now: float, window: int) -> list[Sequence[float]]:
    """The requests of a window by bucket, span by span, from the finest spans that reach so far back."""
    ring = next((ring for ring in RINGS if ring.seconds * ring.length >= window), RINGS[-1])
    rows = await history.select_spans(conn, ring.seconds, now - window, now)
    return [restored(orjson.loads(row.figures)).times for row in rows]


def _slow(spans: Sequence[Sequence[float]], bound: float) -> tuple[float, float]:
    """How many requests were slow, and how many there were."""
    return sum(slower_than(times, bound) for times in spans), sum(map(sum, spans))


def _not_running(source: AlertSource) -> Reading:
    what = f"{source.desk}/{source.report}" if source.report else str(source.desk)
    return Reading(None, f"{what} does not run here", idle=True)


def _completeness(meta: Mapping[str, Any]) -> str:
    as_of = f"as of {meta['as_of']}" if meta["as_of"] else "as of no known time"
    if meta["complete"]:
        return f"{as_of}, complete"
    reasons = reasons_of(meta)
    more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return f"{as_of}, incomplete: {'; '.join(reasons[:3])}{more}"


def _shown(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")
