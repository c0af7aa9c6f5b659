"""A Frappe site's REST interface, v1: lists, documents, counts, methods; errors as typed sentences."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import msgspec
from pydantic import SecretStr

from service.attendance.upstream.documents import Doctype
from service.attendance.upstream.pagesize import OUTSIZED, PageSize
from service.attendance.upstream.refusals import FieldRefused, failure_of, garbled
from service.core.errors import UpstreamRefused
from service.core.outbound import Answer, Breaker, Call, Outbound, OutboundStatistics, Unusable
from service.core.settings import FrappeSettings
from service.core.telemetry import get_logger

Row = TypeVar("Row", bound=msgspec.Struct)
T = TypeVar("T")
Filter = Sequence[object]
# A page may be waited for this long in all, its retries and the site's `Retry-After` included.
PAGE_SECONDS = 300.0
# How a site says that it has no such document type, or none for us.
ABSENT = frozenset({"upstream_forbidden", "upstream_not_found"})
_MISSING = re.compile(r"missing required field `(\w+)`")

log = get_logger("service.attendance.upstream")


class _Listing(msgspec.Struct, Generic[T]):
    data: list[T]


class _Single(msgspec.Struct, Generic[T]):
    data: T


class _Message(msgspec.Struct, Generic[T]):
    message: T


class _Named(msgspec.Struct):
    name: str


# An even number of backslashes before it belongs to the text; then `\\u0000` is the escape of NUL.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_COUNT = msgspec.json.Decoder(_Message[int])


@dataclass(slots=True)
class SiteMemory:
    """What one process has learnt about one site."""

    breaker: Breaker = field(default_factory=Breaker)
    statistics: OutboundStatistics = field(default_factory=OutboundStatistics)
    size: PageSize = field(default_factory=PageSize)
    asked: tuple[int, int] = (0, 0)
    refused_fields: dict[str, set[str]] = field(default_factory=dict)


_memories: dict[str, SiteMemory] = {}


def site_memories() -> Mapping[str, SiteMemory]:
    """By address, the sites this process has spoken to: for health pages."""
    return _memories


class FrappeClient:
    """Reads one Frappe site with an API key.

    Remembers which optional fields the site refused (G-N-102) and how large a page it serves well. Every list
    is asked for with a total order; a page that is no valid answer is an error, never an empty page.
    """

    def __init__(self, settings: FrappeSettings, *, outbound: Outbound | None = None) -> None:
        if (
            settings.url is None
            or settings.key is None
            or settings.secret is None
            or settings.time_zone is None
        ):
            raise ValueError("a Frappe upstream needs URL, KEY, SECRET and TIME_ZONE")
        self.url = str(settings.url).rstrip("/")
        self.time_zone = settings.time_zone
        self.settings = settings
        self.outbound = outbound or Outbound("frappe", settings)
        self.size = PageSize(settings.page, settings.max_page)
        self.refused_fields: dict[str, set[str]] = {}
        self._headers = {"Authorization": _token(settings.key, settings.secret), "Accept": "application/json"}

    @classmethod
    def remembering(cls, settings: FrappeSettings) -> "FrappeClient":
        """A client that takes over what earlier ones of this process learnt about the site.

        Breaker, statistics, page size and refused fields outlive a run; connections do not.
        """
        memory = _memories.setdefault(str(settings.url), SiteMemory())
        outbound = Outbound("frappe", settings, breaker=memory.breaker, statistics=memory.statistics)
        client = cls(settings, outbound=outbound)
        if memory.asked != (settings.page, settings.max_page):
            # Sizes learnt under other settings say little about these.
            memory.size, memory.asked = client.size, (settings.page, settings.max_page)
        client.size, client.refused_fields = memory.size, memory.refused_fields
        return client

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; closing twice is fine."""
        await self.outbound.close()

    def fields(self, doctype: Doctype[Row]) -> tuple[str, ...]:
        """The fields asked for: all of the doctype's that this site did not refuse."""
        refused = self.refused_fields.get(doctype.name, set())
        return tuple(field for field in doctype.fields if field not in refused)

    async def rows(
        self, doctype: Doctype[Row], *, filters: Sequence[Filter], order_by: str, limit: int | None = None
    ) -> tuple[list[Row], bool]:
        """One page, and whether it is the last: shorter than asked for.

        Without `limit` the page size adapts: it grows with full pages and shrinks when the site or its proxy
        gives up. Raises `UpstreamSilent`, `UpstreamGarbled`, `UpstreamRefused`.
        """
        while True:
            try:
                return await self._page(doctype, filters, order_by, limit)
            except FieldRefused as refused:
                self._do_without(doctype, refused)

    async def document(self, doctype: Doctype[Row], name: str, row: type[T]) -> T | None:
        """One document with its child rows; None when it is not there (404)."""
        decoder = msgspec.json.Decoder(_Single[row])  # type: ignore[valid-type]  # row is a type at run time
        path = f"/api/resource/{quote(doctype.name)}/{quote(name, safe='')}"
        try:
            answer = await self._ask(path, {}, f"{doctype.name} {name}", decoder)
        except UpstreamRefused as refused:
            if refused.code == "upstream_not_found":
                return None
            raise
        return answer.data  # type: ignore[no-any-return]  # the decoder made it a `row`

    async def exists(self, doctype: Doctype[Row], name: str) -> bool:
        """Whether the site still has the document; a refusal (403) is raised, it proves nothing."""
        return await self.document(doctype, name, dict[str, Any]) is not None

    async def count(self, doctype: Doctype[Row], filters: Sequence[Filter] = ()) -> int:
        """How many rows match; old releases also count what the user may not see."""
        params = {"doctype": doctype.name, "filters": _json(filters)}
        read = _reader(_COUNT, doctype.name, optional=not doctype.required)
        call = Call(f"{self.url}/api/method/frappe.client.get_count", params, self._headers)
        return int(_given(await self.outbound.fetch(call, read, deadline=PAGE_SECONDS)).message)

    async def name_at(self, doctype: str, offset: int, filters: Sequence[Filter] = ()) -> str | None:
        """The name of the row at an offset in the order of names; None behind the end."""
        params = {
            "fields": '["name"]',
            "filters": _json(filters),
            "order_by": "name asc",
            "limit_start": str(offset),
            "limit_page_length": "1",
        }
        decoder = msgspec.json.Decoder(_Listing[_Named])
        answer = await self._ask(f"/api/resource/{quote(doctype)}", params, doctype, decoder)
        return answer.data[0].name if answer.data else None

    async def method(
        self, path: str, row: type[T], params: Mapping[str, str] | None = None, *, asked: str | None = None
    ) -> T:
        """The result of a whitelisted function; `asked` names it in errors."""
        decoder = msgspec.json.Decoder(_Message[row])  # type: ignore[valid-type]  # row is a type at run time
        answer = await self._ask(f"/api/method/{path}", dict(params or {}), asked or path, decoder)
        return answer.message  # type: ignore[no-any-return]  # the decoder made it a `row`

    async def _page(
        self, doctype: Doctype[Row], filters: Sequence[Filter], order_by: str, limit: int | None
    ) -> tuple[list[Row], bool]:
        decoder = msgspec.json.Decoder(_Listing[doctype.row])  # type: ignore[name-defined]  # as above
        fields = self.fields(doctype)
        asked = limit or self.size.size

        def call() -> Call:
            nonlocal asked
            asked = limit or self.size.size
            params = {
                "fields": _json(fields),
                "filters": _json(filters),
                "order_by": order_by,
                "limit_page_length": str(asked),
            }
            return Call(f"{self.url}/api/resource/{quote(doctype.name)}", params, self._headers)

        def failed(failure: Unusable) -> None:
            if limit is None and failure.kind in OUTSIZED and self.size.failed(asked):
                failure.retry = True

        read = _reader(decoder, doctype.name, optional=not doctype.required)
        answer = await self.outbound.fetch(call, read, deadline=PAGE_SECONDS, failed=failed)
        rows: list[Row] = _given(answer).data
        if limit is None and len(rows) >= asked:
            self.size.worked()
        return rows, len(rows) < asked

    async def _ask(
        self, path: str, params: Mapping[str, str], asked: str, decoder: msgspec.json.Decoder[Any]
    ) -> Any:
        call = Call(f"{self.url}{path}", params, self._headers)
        return await self.outbound.fetch(call, _reader(decoder, asked), deadline=PAGE_SECONDS)

    def _do_without(self, doctype: Doctype[Row], refused: FieldRefused) -> None:
        known = self.refused_fields.setdefault(doctype.name, set())
        if refused.field not in doctype.optional or refused.field in known:
            raise refused
        known.add(refused.field)
        log.info("upstream_field_left_out", doctype=doctype.name, field=refused.field)


def _reader(decoder: msgspec.json.Decoder[T], asked: str, *, optional: bool = False) -> Any:
    """What makes a value of an answer; a refusal of something `optional` is an answer too, not a failure."""

    def read(answer: Answer) -> T | UpstreamRefused:
        if answer.status != 200:
            failure = failure_of(answer, asked)
            if optional and isinstance(failure.error, UpstreamRefused) and failure.error.code in ABSENT:
                return failure.error
            raise failure
        if answer.media_type != "application/json":
            raise garbled(
                f"answered {asked} with {answer.media_type or 'no content type'}, not JSON", "not_json"
            )
        try:
            return decoder.decode(_without_nul(answer.body))
        except msgspec.ValidationError as error:
            raise _wrong_shape(asked, str(error)) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise garbled(f"answered {asked} with JSON that cannot be read", "bad_json") from error

    return read


def _without_nul(body: bytes) -> bytes:
    """JSON without escaped NUL characters: some devices pad names with them, PostgreSQL takes none."""
    return _NUL.sub(rb"\1", body) if b"\\u0000" in body else body


def _given(answer: Any) -> Any:
    if isinstance(answer, UpstreamRefused):
        raise answer
    return answer


def _wrong_shape(asked: str, reason: str) -> Unusable:
    missing = _MISSING.search(reason)
    if missing and "`$.data[" in reason:
        # One field missing inside the rows is a permission level, not a passing fault.
        return Unusable(
            UpstreamRefused(
                f"the site leaves the field {missing.group(1)!r} out of {asked}; give its API user read "
                "permission on that field's level",
                upstream_status=200,
                code="upstream_field_missing",
            ),
            retry=False,
            kind="field_missing",
        )
    return garbled(f"answered {asked} in a shape that was not expected ({reason})", "wrong_shape")


def _token(key: SecretStr, secret: SecretStr) -> str:
    return f"token {key.get_secret_value()}:{secret.get_secret_value()}"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
