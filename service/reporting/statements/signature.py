"""What is signed, as bytes: canonical JSON of each part, its digest, and the digest of all digests.

Canonical: UTF-8, keys sorted, no spaces, instants in UTC. Whoever has a statement's JSON can repeat it.
"""

import hashlib
import zlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

import orjson

ITEMS: Final = "items"
TEXTS: Final = ("params", "summary", "notes", "meta", "sources")
"""Parts that are kept as canonical JSON, to the byte."""
PLAIN: Final = (
    "id", "desk", "report", "title", "note", "period_from", "period_to", "sites", "row_count", "complete",
    "sealed_by", "sealed_by_name", "sealed_at", "read_from",
)  # fmt: skip
"""Parts that are columns of their own."""
LEVEL: Final = 6


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def packed(items: bytes) -> bytes:
    """Rows as they are kept: a month of 5,000 people is 3 MB as text, some 160 kB like this."""
    return zlib.compress(items, LEVEL)


def unpacked(rows: bytes) -> bytes:
    """The reverse of `packed`. Raises `zlib.error` for what `packed` has not made."""
    return zlib.decompress(rows)


def digests_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The SHA-256 of every signed part of a statement's row; what cannot be read has an empty one."""
    found = {name: _sha256(canonical(_spelled(values[name]))) for name in PLAIN}
    found |= {name: _sha256(values[name].encode()) for name in TEXTS}
    try:
        found[ITEMS] = _sha256(unpacked(values["rows"]))
    except zlib.error:
        found[ITEMS] = ""
    return found


def signature_of(digests: Mapping[str, str]) -> str:
    """The statement's hash."""
    return _sha256(canonical(dict(digests)))


def differing(values: Mapping[str, Any]) -> list[str]:
    """The parts of a statement's row that are not what was signed; the hash itself as `sha256`."""
    found, signed = digests_of(values), values["digests"]
    parts = sorted(name for name in found.keys() | signed.keys() if found.get(name) != signed.get(name))
    return parts if signature_of(signed) == values["sha256"] else [*parts, "sha256"]


def _spelled(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID | date) else value


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
