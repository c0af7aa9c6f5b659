"""How a simulated site is set up: who may call it, which release it is, how it behaves on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One row of the key table.

    `readable` and `writable` are the doctypes the user has a role for (None: all); `employees` restricts rows
    to those people, silently, as User Permissions do (None: everybody); `hidden` are (doctype, field) pairs
    above the user's permission level, dropped from rows without a word.
    """

    key: str
    secret: str
    user: str = "sync@example.com"
    enabled: bool = True
    administrator: bool = False
    readable: frozenset[str] | None = None
    writable: frozenset[str] | None = None
    employees: frozenset[str] | None = None
    hidden: frozenset[tuple[str, str]] = frozenset()

    def may_read(self, doctype: str) -> bool:
        return self.administrator or self.readable is None or doctype in self.readable

    def may_write(self, doctype: str) -> bool:
        return self.administrator or self.writable is None or doctype in self.writable

    def hidden_in(self, doctype: str) -> frozenset[str]:
        return frozenset(name for of, name in self.hidden if of == doctype)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """`rate_limit` of the site's settings: `limit` seconds of processing in each `window` seconds, whole
    site.

    `fixed_cost` charges each request that many seconds instead of what it really took.
    """

    window: int = 60
    limit: float = 1.0
    fixed_cost: float | None = None


@dataclass(frozen=True, slots=True)
class FrappeConfig:
    """One site. Defaults are a v15 site as observed: tracebacks on, no rate limit, `Connection: close`.

    `seed` fixes the disorder of unordered answers and every drawn latency; `latency` is seconds added to each
    answer (a pair: drawn between both); `workers` bounds the requests in work at once (the real default is
    5); `default_sort` gives unordered lists the doctype's default order, as a later release does (spec E.4);
    `absent` are doctypes this site lacks.
    """

    profile: str = "v15"
    keys: tuple[ApiKey, ...] = field(default_factory=lambda: (ApiKey("demo", "demo"),))
    seed: int = 7
    latency: float | tuple[float, float] = 0.0
    workers: int | None = None
    tracebacks: bool = True
    connection_close: bool = True
    cookies: bool = True
    v2: bool = True
    permute_unordered: bool = True
    default_sort: bool = False
    rate_limit: RateLimit | None = None
    absent: frozenset[str] = frozenset({"Shift Location"})
