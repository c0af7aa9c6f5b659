"""A plan out of an OpenAPI document: every GET operation with its example parameters.

Examples name people and days that an installation may not have. So each operation is asked once before: where
its example is refused, the same is tried with what the service's own answers hold, and what still is refused
is left out, with the reason. Places of a path are filled from the list that stands above it.
"""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.monitoring.loadtest.plan import PLACE, RequestPlan, Scalar

Fetch = Callable[[RequestPlan], Awaitable[tuple[int, bytes]]]
"""Asks one request; status (0: no answer) and body."""
_ROWS_TRIED: Final = 3
_IDENTIFIERS: Final = ("id", "number", "name")
"""What a row of a list may be called by, the surest first."""
Row = dict[str, Scalar]


@dataclass(frozen=True, slots=True)
class Operation:
    """A GET operation of the document."""

    name: str
    path: str
    example: dict[str, Scalar]
    required: frozenset[str]
    streams: bool = False
    """Its only answer is an event stream: as long as somebody listens, and no request to be measured."""


def reading_operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """The GET operations, those that need no other's answers first."""
    paths: Mapping[str, Any] = document.get("paths", {})
    for path in sorted(paths, key=lambda name: (name.count("{"), name.endswith("/explain"), name)):
        operation = paths[path].get("get")
        if operation is not None:
            asked = [given for given in operation.get("parameters", []) if given.get("in") == "query"]
            yield Operation(
                name=operation.get("operationId") or f"GET {path}",
                path=path,
                example={p["name"]: p["example"] for p in asked if _is_plain(p.get("example"))},
                required=frozenset(p["name"] for p in asked if p.get("required")),
                streams=_answers_with(operation) == {"text/event-stream"},
            )


def _answers_with(operation: Mapping[str, Any]) -> set[str]:
    answer: Mapping[str, Any] = operation.get("responses", {}).get("200", {})
    return set(answer.get("content", {}))


class Search:
    """Finds the requests that a service answers; `left_out` says which operations it does not, and why."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._rows: dict[str, Row] = {}
        self.left_out: dict[str, str] = {}

    async def answered(self, document: Mapping[str, Any]) -> list[RequestPlan]:
        """One request for each GET operation that is answered."""
        found = []
        for operation in reading_operations(document):
            request = await self._answered(operation)
            if request is not None:
                found.append(request)
        return found

    async def _answered(self, operation: Operation) -> RequestPlan | None:
        if operation.streams:
            self.left_out[operation.name] = "it is an event stream"
            return None
        refused: str | None = None
        for request in self._ways(operation):
            status, body = await self._fetch(request)
            if 200 <= status < 400:
                self._remember(operation.path, body)
                return request
            refused = refused or _reason(status, body)
        missing = f"nothing is listed that could stand in {operation.path}"
        self.left_out[operation.name] = refused or missing
        return None

    def _ways(self, operation: Operation) -> Iterator[RequestPlan]:
        """Ways to ask, the most faithful first."""
        for values in self._values(operation.path):
            for query in self._queries(operation):
                yield RequestPlan(name=operation.name, path=operation.path, query=query, values=values)

    def _queries(self, operation: Operation) -> Iterator[dict[str, Scalar]]:
        yield operation.example
        foreign = operation.required & operation.example.keys()
        fitting = [row for row in self._rows.values() if foreign & row.keys()]
        fitting.sort(key=lambda row: len(foreign - row.keys()))
        for row in fitting[:_ROWS_TRIED]:
            yield {name: row.get(name, operation.example[name]) for name in sorted(foreign)}
        yield {name: operation.example[name] for name in sorted(foreign)}

    def _values(self, path: str) -> Iterator[Row]:
        """Values for the places of a path: from the list above it, else from any row that names them all."""
        places = PLACE.findall(path)
        if not places:
            yield {}
            return
        above = self._rows.get(path.partition("/{")[0], {})
        for identifier in _IDENTIFIERS:
            filled = {place: above.get(place, above.get(identifier)) for place in places}
            values = {place: value for place, value in filled.items() if value is not None}
            if len(values) == len(places):
                yield values
        naming = [row for row in self._rows.values() if row.keys() >= set(places)]
        for row in naming[:_ROWS_TRIED]:
            yield {place: row[place] for place in places}

    def _remember(self, path: str, body: bytes) -> None:
        """The plain values of the first row of a list."""
        try:
            first = json.loads(body)["items"][0]
            self._rows[path] = {name: value for name, value in first.items() if _is_plain(value)}
        except (ValueError, KeyError, IndexError, TypeError, AttributeError):
            return  # no list, or an empty one


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool)


def _reason(status: int, body: bytes) -> str:
    try:
        return f"{status} {json.loads(body)['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"{status}" if status else "no answer"
