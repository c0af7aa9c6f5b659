"""What differs between the Frappe HR releases a client meets (spec D.12, E.2-E.5; v15 as observed on
15.105/15.59)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """One release line, as far as a client of its REST interface can tell.

    `rate_limit_status` and `rate_limit_type` are the refusal of the rate limiter; `between_whole_days` says
    whether `between` with bare dates means whole days (newer) or runs to the next midnight, inclusive
    (older); `client_count_sees_all` says whether `frappe.client.get_count` ignores row restrictions (older).
    """

    version: int
    release: str
    api_versions: frozenset[int]
    between_whole_days: bool
    whole_seconds: bool
    rate_limit_status: int
    rate_limit_type: str
    client_count_sees_all: bool
    delete_envelope: str
    aggregate_objects: bool
    page_flag: bool
    default_sort: str


V14 = Profile(
    version=14, release="14.62.0", api_versions=frozenset(), between_whole_days=False, whole_seconds=False,
    rate_limit_status=417, rate_limit_type="RateLimitExceededError", client_count_sees_all=True,
    delete_envelope="message", aggregate_objects=False, page_flag=False, default_sort="modified desc",
)  # fmt: skip
V15 = Profile(
    version=15, release="15.105.0", api_versions=frozenset({1, 2}), between_whole_days=True,
    whole_seconds=True,
    rate_limit_status=429, rate_limit_type="TooManyRequestsError", client_count_sees_all=False,
    delete_envelope="data", aggregate_objects=False, page_flag=False, default_sort="modified desc",
)  # fmt: skip
V16 = Profile(
    version=16, release="16.3.0", api_versions=frozenset({1, 2}), between_whole_days=True, whole_seconds=True,
    rate_limit_status=429, rate_limit_type="TooManyRequestsError", client_count_sees_all=False,
    delete_envelope="data", aggregate_objects=True, page_flag=True, default_sort="creation desc",
)  # fmt: skip

PROFILES = {"v14": V14, "v15": V15, "v16": V16}


def profile_named(name: str) -> Profile:
    """The profile called `name`; ValueError naming the known ones otherwise."""
    if name not in PROFILES:
        raise ValueError(f"unknown profile {name!r}, known are {', '.join(PROFILES)}")
    return PROFILES[name]
