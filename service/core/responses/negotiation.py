"""What a request asks for: its cache key, the coding it takes, and what it has already."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

GZIP = b"gzip"
# Longer ones are answered, never kept: a cache of keys must not become a store for other people's bytes.
LONGEST_QUERY = 2_000
LONGEST_HEADER = 500

Headers = Mapping[bytes, bytes]
Key = tuple[str, bytes, str, str, bytes]
"""Path; query and format in one form; visibility; scheme and host, as an answer may hold absolute links."""


def joined(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Request headers by name; repeated ones become one list, as RFC 9110 says."""
    together: dict[bytes, bytes] = {}
    for name, value in headers:
        together[name] = together[name] + b", " + value if name in together else value
    return together


def canonical(query: bytes, accept: bytes) -> bytes | None:
    """Query and format in one form, whatever the order of the parameters; None when too long to be kept.

    Parameters of one name keep their order, which may have a meaning. `format=` stands above `Accept`.
    """
    if len(query) > LONGEST_QUERY or len(accept) > LONGEST_HEADER:
        return None
    return _canonical(query, accept)


@lru_cache(maxsize=4096)
def _canonical(query: bytes, accept: bytes) -> bytes:
    parts = sorted(query.split(b"&"), key=lambda part: part.partition(b"=")[0])
    if any(part.startswith(b"format=") for part in parts):
        accept = b""
    return b"&".join(parts) + b"\n" + accept.replace(b" ", b"").lower()


def takes_gzip(accept_encoding: bytes) -> bool:
    """Whether `Accept-Encoding` allows gzip (RFC 9110 section 12.5.3): `q=0` refuses it, `*` includes it."""
    return _takes_gzip(accept_encoding[:LONGEST_HEADER])


@lru_cache(maxsize=1024)
def _takes_gzip(accept_encoding: bytes) -> bool:
    weights: dict[bytes, float] = {}
    for part in accept_encoding.lower().split(b","):
        coding, _, parameters = part.partition(b";")
        weights[coding.strip()] = _weight(parameters)
    return weights.get(GZIP, weights.get(b"x-gzip", weights.get(b"*", 0.0))) > 0


def _weight(parameters: bytes) -> float:
    name, _, value = parameters.strip().partition(b"=")
    try:
        return float(value) if name.strip() == b"q" else 1.0
    except ValueError:
        return 0.0


def has_already(if_none_match: bytes, etag: bytes) -> bool:
    """Whether `If-None-Match` names this ETag; weakly compared (RFC 9110 section 13.1.2), `*` names any."""
    if if_none_match == etag:
        return True
    named = [part.strip().removeprefix(b"W/") for part in if_none_match.split(b",")]
    return etag in named or named == [b"*"]


_TEXTUAL = frozenset(
    {
        b"application/json",
        b"application/x-ndjson",
        b"application/ndjson",
        b"application/javascript",
        b"application/xml",
        b"image/svg+xml",
    }
)


@lru_cache(maxsize=256)
def compressible(content_type: bytes) -> bool:
    """Whether bodies of this type shrink and may wait: text of any kind, but no event streams."""
    kind = content_type.partition(b";")[0].strip().lower()
    if kind == b"text/event-stream":
        return False
    return kind.startswith(b"text/") or kind in _TEXTUAL or kind.endswith((b"+json", b"+xml"))
