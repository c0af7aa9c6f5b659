"""Faults in the body of an answer that would otherwise be right."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from service.simulators.serving.faults import on_body
from service.simulators.serving.plan import AnyFault

Row = dict[str, object]


def edited(change: Callable[[list[Row]], object], label: str = "edited") -> AnyFault:
    """Replace the rows of a list answer by what `change` makes of them; other answers pass as they are."""

    def apply(body: bytes) -> bytes:
        payload = orjson.loads(body)
        rows = payload.get("data")
        return orjson.dumps({**payload, "data": change(rows)}) if isinstance(rows, list) else body

    return on_body(apply, label)


def empty_data() -> AnyFault:
    """`{"data": []}` with status 200 where there are rows: a page lost in the middle."""
    return edited(lambda _rows: [], "empty_data")


def dropped_rows(count: int = 1) -> AnyFault:
    """A list answer without its last rows."""
    return edited(lambda rows: rows[:-count], "dropped_rows")


def extra_fields(**values: object) -> AnyFault:
    """Fields nobody asked for in each row."""
    return edited(lambda rows: [{**row, **values} for row in rows], "extra_fields")


def wrong_types(**values: object) -> AnyFault:
    """Fields of each row replaced by values of another type, e.g. `time=17`, `name=None`."""
    return edited(
        lambda rows: [{**row, **{k: values[k] for k in values if k in row}} for row in rows], "wrong_types"
    )
