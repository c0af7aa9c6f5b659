"""A report, declared once: route, formats, meta, ETag, explanation, command and client follow from it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar, get_args

from service.core.auth import Caller
from service.core.database import ReadConnection
from service.core.settings import Settings
from service.reporting.columns import Column, Light, columns_of_row
from service.reporting.labels import labels
from service.schemas.envelope import Ask, Cause, Explanation, Gap, Wire

P = TypeVar("P", bound=Ask)
R = TypeVar("R", bound=Wire)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildContext:
    """What a build may know beside its parameters: who asks, the time, the settings."""

    now: datetime
    caller: Caller
    settings: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How far an answer can be trusted; goes into `meta`.

    `complete` is the desk's word that every source's watermark covers the window and no gap is open.
    """

    complete: bool
    as_of: datetime | None = None
    complete_through: Mapping[str, datetime | None] = field(default_factory=dict)
    reasons: Sequence[str] = ()
    gaps: Sequence[Gap] = ()

    def __post_init__(self) -> None:
        """A claim of completeness next to a gap or a reason is a wrong number: refused."""
        if self.complete and (self.gaps or self.reasons):
            raise ValueError("complete cannot be stated beside gaps or reasons for incompleteness")
        if not self.complete and not (self.gaps or self.reasons):
            raise ValueError("an incomplete answer says why: give reasons or gaps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build gives: rows as finished wire values (tests hold them against `Report.row`).

    `next_change` is the instant at which the same data would answer differently (head counts, pending
    days); it caps the life of every cached copy.
    """

    rows: Sequence[Mapping[str, Any]]
    completeness: Completeness
    timezone: str = "UTC"
    rules_version: str | None = None
    notes: Sequence[str] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
    next_change: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that a sealed report and today's do not share, or a whole row (`figure` None)."""

    place: str
    kind: Literal["changed", "appeared", "vanished"]
    key: Mapping[str, Any]
    figure: str | None
    sealed: Any
    today: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What is known of a sealing when causes are looked for: from when on its data may lack something."""

    read_from: datetime
    rules_version: str | None
    rules_today: str | None

    @property
    def new_rules(self) -> list[Cause]:
        """The cause that the rules are of another version today, where they are."""
        if self.rules_version == self.rules_today:
            return []
        detail = f"sealed under the rules {self.rules_version}; today they are {self.rules_today}"
        return [Cause(code="rules_changed", detail=detail, subject=self.rules_today)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Streamed:
    """A build whose rows are still to be read: everything but them in `built`, then block after block.

    `total` is the number of rows, as counted in the same snapshot.
    """

    built: Built
    blocks: AsyncIterator[Sequence[Mapping[str, Any]]]
    total: int

    async def gathered(self) -> Built:
        """All rows at once, for an answer that is held."""
        rows = [row async for block in self.blocks for row in block]
        return replace(self.built, rows=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a file or page is to look; never changes a value.

    `delimiter` and `bom` are for CSV; `durations` writes seconds as `hms` (HH:MM:SS, beyond 24 h where
    need be), `hours` (decimal) or `seconds`.
    """

    locale: str = "en"
    delimiter: str = ","
    bom: bool = False
    durations: str = "hms"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One answer, ready for a formatter: decoded JSON of `ReportAnswer`, its columns and the style.

    `streamed` are the rows of an answer that is too large to be held; its `items` are then empty.
    """

    desk: str
    report: "Report[Any, Any]"
    answer: Mapping[str, Any]
    columns: Sequence[Column]
    style: Style
    writes: bool = False
    """Whether whoever reads it may decide at the desk, so that the page offers it."""
    statement: Mapping[str, Any] | None = None
    """What is said of the sealing, where the answer is a sealed one."""
    streamed: Iterable[Mapping[str, Any]] | None = None

    @property
    def each_row(self) -> Iterable[Mapping[str, Any]]:
        """The rows one after the other, once: what writes a file takes them from here."""
        return self.rows if self.streamed is None else self.streamed

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The rows as they are in JSON."""
        items: Sequence[Mapping[str, Any]] = self.answer["items"]
        return items


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatter:
    """A way to write a report; `write` yields the bytes in pieces, so that no file is held as a whole."""

    media_type: str
    extension: str
    write: Callable[[View], Iterable[bytes]]
    attachment: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


def sites_asked_for(params: Ask, caller: Caller) -> frozenset[str] | None:
    """Whose figures a report shows: of the site asked for, else of all that the caller may see."""
    return caller.sites_for(getattr(params, "site", None))


@dataclass(frozen=True, kw_only=True)
class Report(Generic[P, R]):
    """The declaration.

    `name` (kebab-case) is the path and the command; `params` and `row` are schemas; `build` reads within one
    snapshot; `scope` names the data versions the answer stands on; `lifetime` is how long an answer may be
    kept (zero: never, and `no-store`). `resolve` fills parameters whose default depends on the clock.
    `labels` holds column labels by locale that differ from `reporting/labels.py`; English ones default to the
    titles of the row's fields.
    `stream` reads the rows in blocks, for exports of any size; `build` then gives the same rows at once.
    `columns` replaces the row's fields where the columns depend on the answer (a sheet with a column a day).
    `explain_params` are filled from a row, a column and the report's parameters by name.
    `example` is a realistic answer: `params`, `items` and, where they matter, `summary`, `notes`, `meta`.
    `legend` says what the codes of narrow columns mean, by language.
    `light` says how the band of a figure of the summary reads in a language. `page` is a template of the
    desk's own, `drawn` what it draws beside the rows, from the answer in a language.
    `advice` are fields that propose something and state nothing: a sealed report is not held against them.
    `overrides` are the statuses a person may set by hand on the report's page, where rows carry `fixes`.
    `key` names a row among those of other days, so that a sealed report can be held against today's; `period`
    are the days it is about; `sites` whose figures it shows (None: everybody's); `causes` finds for each of
    some differences what made it, at least one cause each.
    `reads` is the scope that lets one read it, where that is not the desk's. `whom` says by id whom an answer
    (or explanation: it is given the parameters of either) is about, and raises where the caller may not see
    them; it is asked within the answer's own snapshot, each time. See `reporting/subjects.py`.
    """

    name: str
    title: str
    description: str
    params: type[P]
    row: type[R]
    build: Callable[[ReadConnection, P, BuildContext], Awaitable[Built]]
    scope: Callable[[P], Sequence[str]]
    lifetime: timedelta
    example: Mapping[str, Any]
    resolve: Callable[[P, BuildContext], P] | None = None
    explain: Callable[[ReadConnection, Any, BuildContext], Awaitable[Explanation]] | None = None
    explain_params: type[Ask] | None = None
    explain_example: Mapping[str, Any] | None = None
    stream: Callable[[ReadConnection, P, BuildContext], Awaitable[Streamed]] | None = None
    formats: Mapping[str, Formatter] = field(default_factory=dict)
    columns: Callable[[Mapping[str, Any], str], Sequence[Column]] | None = None
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    legend: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    light: Callable[[str, str], Light] | None = None
    page: str | None = None
    drawn: Callable[[Mapping[str, Any], str], Mapping[str, Any]] | None = None
    key: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    period: Callable[[P], tuple[date, date]] | None = None
    sites: Callable[[P, Caller], frozenset[str] | None] = sites_asked_for
    reads: str | None = None
    whom: Callable[[ReadConnection, Any, BuildContext], Awaitable[Sequence[int]]] | None = None
    causes: (
        Callable[
            [ReadConnection, P, Sequence[Difference], Sealing, BuildContext],
            Awaitable[Sequence[Sequence[Cause]]],
        ]
        | None
    ) = None

    def __post_init__(self) -> None:
        """A declaration that cannot work is refused when it is made."""
        if not self.name.replace("-", "").isalnum() or self.name != self.name.lower():
            raise ValueError(f"a report's name is kebab-case, not {self.name!r}")
        if (self.explain is None) != (self.explain_params is None):
            raise ValueError(f"report {self.name}: explain and explain_params come together")
        if self.explain_params is not None and self.explain_example is None:
            raise ValueError(f"report {self.name}: an explanation has an example")
        unknown = sorted(set(self.key) - self.row.model_fields.keys())
        if unknown:
            raise ValueError(f"report {self.name}: its rows have no {unknown} to be named by")

    @property
    def snake(self) -> str:
        """The name as an identifier, for operation ids and the client."""
        return self.name.replace("-", "_")

    def title_in(self, locale: str) -> str:
        """The title in a language, English where there is none."""
        return self.titles.get(locale, self.title)

    def labels_in(self, locale: str) -> Mapping[str, str]:
        """The labels of columns in a language by key: the report's own before those of all reports."""
        return {**labels(locale), **self.labels.get(locale, {})}

    def legend_of(self, columns: Sequence[Column], locale: str) -> Mapping[str, str]:
        """What the codes in these columns mean in a language, English where there is none."""
        coded = any(column.width == "code" for column in columns)
        return self.legend.get(locale, self.legend.get("en", {})) if coded else {}

    def columns_of(self, answer: Mapping[str, Any], locale: str) -> Sequence[Column]:
        """The columns of an answer in a language."""
        if self.columns is not None:
            return self.columns(answer, locale)
        own = columns_of_row(self.row, self.labels_in(locale))
        return [self._with_question(column) for column in own]

    def _with_question(self, column: Column) -> Column:
        """What names the row explains nothing; `figure` is asked only where the explain route knows it.

        Where the route lists its figures (a `Literal`), other columns have nothing to explain.
        """
        asked = {} if self.explain_params is None else self.explain_params.model_fields
        names = {info.alias or name for name, info in asked.items()}
        figures = get_args(asked["figure"].annotation) if "figure" in asked else ()
        if not names or column.key in names or (figures and column.key not in figures):
            return replace(column, explain=None)
        return replace(column, explain={"figure": column.key} if "figure" in names else {})
