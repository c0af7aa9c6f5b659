"""What a client remembers between calls: answers by their ETag, and the versions of what it wrote."""

from __future__ import annotations

from collections import OrderedDict

from service.client._message import Answer, Request

MAX_ENTRIES = 256
MAX_BYTES = 32 * 1024 * 1024
MAX_SCOPES = 64
"""Scopes sent back at most (about 2 KiB of header); the oldest are dropped first."""


class RememberedAnswers:
    """Answers to GET by request, least recently used dropped first, bounded by number and by bytes."""

    def __init__(self, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES) -> None:
        self._answers: OrderedDict[object, Answer] = OrderedDict()
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, request: Request) -> Answer | None:
        """The remembered answer to this very request, if there is one."""
        answer = self._answers.get(_key(request))
        if answer is not None:
            self._answers.move_to_end(_key(request))
        return answer

    def put(self, request: Request, answer: Answer) -> None:
        """Remember an answer with an ETag that is small and may be stored; anything else is forgotten."""
        self._drop(_key(request))
        fits = len(answer.body) <= self._max_bytes // 4 and not _not_to_be_kept(answer)
        if request.method != "GET" or answer.status != 200 or "etag" not in answer.headers or not fits:
            return
        self._answers[_key(request)] = answer
        self._bytes += len(answer.body)
        while len(self._answers) > self._max_entries or self._bytes > self._max_bytes:
            self._drop(next(iter(self._answers)))

    def clear(self) -> None:
        """Forget all."""
        self._answers.clear()
        self._bytes = 0

    def _drop(self, key: object) -> None:
        answer = self._answers.pop(key, None)
        if answer is not None:
            self._bytes -= len(answer.body)


class WrittenVersions:
    """The newest ``Data-Version`` of everything this client wrote, so that it reads its own writes."""

    def __init__(self) -> None:
        self._versions: OrderedDict[str, int] = OrderedDict()
        self._opaque = ""

    def note(self, token: str | None) -> None:
        """Take in the token of a write. One that is not made of ``scope:n`` pairs replaces all others."""
        if not token:
            return
        pairs = _pairs(token)
        if pairs is None:
            self._versions.clear()
            self._opaque = token
            return
        self._opaque = ""
        for scope, version in pairs.items():
            self._versions[scope] = max(version, self._versions.pop(scope, 0))
        while len(self._versions) > MAX_SCOPES:
            self._versions.popitem(last=False)

    def token(self) -> str | None:
        """What to send as ``Min-Data-Version``; None before the first write."""
        return self._opaque or ",".join(f"{scope}:{n}" for scope, n in self._versions.items()) or None


def _not_to_be_kept(answer: Answer) -> bool:
    return "no-store" in answer.headers.get("cache-control", "").lower()


def _key(request: Request) -> object:
    # Callers and formats differ by headers; If-None-Match is not among them yet when this is asked.
    headers = sorted((name.lower(), value) for name, value in request.headers.items())
    told = tuple(pair for pair in headers if pair[0] in {"accept", "accept-language", "authorization"})
    return request.method, request.path, request.query, told


def _pairs(token: str) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for part in token.split(","):
        scope, colon, number = part.strip().rpartition(":")
        if not (scope and colon and number.isdecimal()):
            return None
        found[scope] = int(number)
    return found
