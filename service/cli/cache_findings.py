"""What the doctor says of the cache."""

from service.core.cache import open_cache
from service.core.findings import Finding
from service.core.settings import BadSettings, Settings

LOOKS_FOR = 5.0
"""Seconds: more than a request would wait, as it is the way there that is examined."""


async def cache_finding(settings: Settings) -> Finding:
    """Where answers are kept; whether a shared store answers, and what it lacks."""
    try:
        cache = open_cache(settings.cache)
    except BadSettings as error:
        return Finding("cache", False, "; ".join(error.problems))
    standing = await cache.store.probe(LOOKS_FOR)
    await cache.close()
    if standing.kind == "memory":
        entries, size = settings.cache.max_entries, settings.cache.max_bytes / 2**20
        return Finding("cache", True, f"in memory, {entries:,} entries and {size:,.0f} MiB at most")
    if not standing.well:
        remedy = "answers are built from the database meanwhile; MUSTER_CACHE__URL says where it should be"
        return Finding("cache", False, f"{standing.address}: {standing.reason}; {remedy}")
    advice = "" if standing.advice is None else f"; {standing.advice}"
    return Finding("cache", True, f"{standing.address} answers{advice}")
