"""A statement's row as it travels: in lists, whole, and as the answer that formatters write."""

from typing import Any

import orjson
from sqlalchemy import Row

from service.reporting.statements.signature import TEXTS, unpacked
from service.schemas.statements import Statement, Withdrawal

_AS_THEY_ARE = (
    "desk", "report", "title", "note", "sites", "row_count", "complete", "sealed_by", "sealed_by_name",
    "sealed_at", "read_from", "sha256", "digests",
)  # fmt: skip


def statement_of(row: Row[Any]) -> Statement:
    """A statement without its rows."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _AS_THEY_ARE}
    if row.period_from is not None:
        values["period"] = {"from": row.period_from, "to": row.period_to}
    if row.withdrawn_at is not None:
        values["withdrawn"] = Withdrawal(
            by=row.withdrawn_by, at=row.withdrawn_at, reason=row.withdrawn_because
        )
    return Statement.model_validate({"id": str(row.id), "params": orjson.loads(row.params), **values})


def whole(row: Row[Any]) -> bytes:
    """A statement with its rows as JSON; the signed parts byte for byte as they are kept."""
    parts: dict[str, Any] = {name: orjson.Fragment(getattr(row, name)) for name in TEXTS}
    parts["items"] = orjson.Fragment(unpacked(row.rows))
    return orjson.dumps({**statement_of(row).model_dump(mode="json", by_alias=True), **parts})


def answer_of(row: Row[Any]) -> dict[str, Any]:
    """The report as it was answered when it was sealed."""
    document = {name: orjson.loads(getattr(row, name)) for name in TEXTS if name != "sources"}
    return {"report": row.report, **document, "items": orjson.loads(unpacked(row.rows))}
