"""What came back, and how a reader says that it cannot be used."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.core.errors import UpstreamError, UpstreamRefused, UpstreamSilent

# Statuses by which a server or the proxy before it says "not now"; every other one is a final answer.
PASSING = frozenset({408, 425, 429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, read to its end: header names in lower case, body decompressed.

    `url` is where it came from in the end, after redirects that were followed.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = ""

    @property
    def media_type(self) -> str:
        """The content type without its parameters, lower case, "" when absent."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


class Unusable(Exception):
    """An attempt failed: the error to raise in the end, and what a further attempt may hope for.

    `retry`: whether asking again can help. `wait`: seconds the upstream asked to be left alone.
    `down`: whether it speaks of the whole upstream (feeds the breaker), not of this one question.
    """

    def __init__(
        self, error: UpstreamError, *, retry: bool, wait: float | None = None, down: bool = False, kind: str
    ) -> None:
        super().__init__(error.detail)
        self.error = error
        self.retry = retry
        self.wait = wait
        self.down = down
        self.kind = kind


def read_plainly(answer: Answer) -> Answer:
    """The reader for upstreams without rules of their own: 2xx is the answer, all else is a failure."""
    if 200 <= answer.status < 300:
        return answer
    if answer.status in PASSING:
        silent = UpstreamSilent(f"the upstream answered {answer.status}", code=f"upstream_{answer.status}")
        raise Unusable(silent, retry=True, down=answer.status != 429, kind=f"status_{answer.status}")
    refused = UpstreamRefused(f"the upstream answered {answer.status}", upstream_status=answer.status)
    raise Unusable(refused, retry=False, kind=f"status_{answer.status}")
