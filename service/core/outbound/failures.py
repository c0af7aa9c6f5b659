"""Which failure an exception of the HTTP libraries means.

httpx over aiohttp reports refused, DNS failure, reset after sending and a full pool alike as
`ConnectTimeout`, and lets some of aiohttp's own errors through: so the cause decides, not the class that
arrives.
"""

import aiohttp
import httpx

from service.core.errors import UpstreamError, UpstreamGarbled, UpstreamSilent
from service.core.outbound.answers import Unusable

# What may leave the transport: httpx's errors, aiohttp's that it does not map, and bare socket errors.
TRANSPORT_ERRORS = (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, TimeoutError)

# First match wins; sentence follows "the upstream" in the error's detail.
_CAUSES: tuple[tuple[type[BaseException], str, str], ...] = (
    (aiohttp.ClientConnectorDNSError, "dns", "has a host name that cannot be resolved"),
    (aiohttp.ClientConnectorCertificateError, "certificate", "shows a certificate that is not trusted"),
    (aiohttp.ClientSSLError, "tls", "does not speak TLS as expected"),
    (aiohttp.ConnectionTimeoutError, "connect_timeout", "did not accept a connection in time"),
    (aiohttp.ServerTimeoutError, "timeout", "did not answer in time"),
    (aiohttp.ClientConnectorError, "unreachable", "refused the connection"),
    (aiohttp.ClientPayloadError, "truncated", "broke off in the middle of its answer"),
    (aiohttp.ClientResponseError, "broken_answer", "answered with something that is not HTTP"),
    (aiohttp.InvalidURL, "bad_url", "has an address that cannot be used"),
    (aiohttp.ClientConnectionError, "reset", "closed the connection without answering"),
    (ConnectionRefusedError, "unreachable", "refused the connection"),
    (OSError, "reset", "closed the connection without answering"),
    (httpx.TimeoutException, "timeout", "did not answer in time"),
    (httpx.UnsupportedProtocol, "bad_url", "has an address that cannot be used"),
    (httpx.InvalidURL, "bad_url", "has an address that cannot be used"),
    (httpx.DecodingError, "bad_encoding", "sent a body that cannot be decompressed"),
)
_FINAL = frozenset({"certificate", "tls", "bad_url"})
_GARBLED = frozenset({"truncated", "broken_answer", "bad_encoding"})


def unusable_from(error: BaseException) -> Unusable:
    """The failure behind an exception of the HTTP libraries."""
    kind, sentence = _kind(error)
    family: type[UpstreamError] = UpstreamGarbled if kind in _GARBLED else UpstreamSilent
    failure = family(f"the upstream {sentence}", code=f"upstream_{kind}")
    return Unusable(failure, retry=kind not in _FINAL, down=kind not in _GARBLED, kind=kind)


def overdue(seconds: float) -> Unusable:
    """Our own time limit for one attempt has passed: slow connect, hanging, slow drip alike."""
    silent = UpstreamSilent(
        f"the upstream did not finish its answer within {seconds:g} s", code="upstream_timeout"
    )
    return Unusable(silent, retry=True, down=True, kind="timeout")


def misled(sentence: str) -> Unusable:
    """Its redirects lead nowhere that we go; asking again would meet them again."""
    garbled = UpstreamGarbled(f"the upstream {sentence}", code="upstream_bad_redirect")
    return Unusable(garbled, retry=False, kind="bad_redirect")


def _kind(error: BaseException) -> tuple[str, str]:
    chain = [cause for cause in (error.__cause__, error) if cause is not None]
    for cause in chain:
        for known, kind, sentence in _CAUSES:
            if isinstance(cause, known):
                return kind, sentence
    return "reset", "closed the connection without answering"
