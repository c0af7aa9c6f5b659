"""What `/health/cache` tells: levels, store, clean-ups, warming, and advice about lifetimes."""

import os
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal

from service.core.cache import Bounded, CleanUps, Standing, Statistics, budgets
from service.core.responses import Responses
from service.core.responses.warming import Warmer
from service.core.runtime import Runtime
from service.monitoring.ttl_advice import Evidence, ttl_advice
from service.schemas.monitoring.cache import (
    CacheCleanup,
    CacheHealth,
    CacheLevel,
    CacheNamespace,
    CacheStore,
    CacheWarming,
    TtlAdvice,
)


async def cache_health(runtime: Runtime, responses: Responses, warmer: Warmer) -> CacheHealth:
    """Everything, with the shared store asked how it is (within 50 ms)."""
    standing = await runtime.cache.store.probe()
    trusted = runtime.versions.trusted
    reasons = [] if standing.well else [f"the shared cache is not used: {standing.reason}"]
    if not trusted:
        reasons.append("data versions cannot be followed now, so nothing is answered from a cache")
    status: Literal["ok", "degraded", "off"] = "degraded" if reasons else "ok"
    if not responses.enabled and not runtime.cache.enabled:
        status = "off"
    return CacheHealth(
        as_of=datetime.now(UTC),
        process=os.getpid(),
        status=status,
        reasons=reasons,
        versions_trusted=trusted,
        levels=[_first(runtime, responses), _second(runtime, standing)],
        warming=_warming(warmer),
        ttl_advice=advice_of(responses),
    )


def advice_of(responses: Responses) -> list[TtlAdvice]:
    """Advice for each route that was asked, from what its kept answers did."""
    statistics, now = responses.stats(), responses.kept.clock()
    return [
        ttl_advice(
            Evidence(
                namespace=route,
                ttl=observed.life,
                requests=found.hits + found.misses + found.joins,
                watched=observed.seconds,
                changes=observed.changes,
                expired=found.expired,
                unchanged=found.unchanged,
            )
        )
        for route, observed in sorted(responses.popularity.observed(now).items())
        if (found := statistics.get(route)) is not None
    ]


def _first(runtime: Runtime, responses: Responses) -> CacheLevel:
    kept: Bounded[Any, Any] = responses.kept
    return _level(
        "responses",
        runtime,
        responses.stats(),
        enabled=responses.enabled,
        most=(kept.max_entries, int(kept.maxsize)),
        clean_ups=kept.clean_ups,
        standing=Standing(kind="memory"),
    )


def _second(runtime: Runtime, standing: Standing) -> CacheLevel:
    cache = runtime.cache
    return _level(
        "shared",
        runtime,
        cache.stats(),
        enabled=cache.enabled and runtime.flags.share("shared_cache") > 0,
        most=budgets(runtime.settings.cache)[1],
        clean_ups=cache.store.clean_ups,
        standing=standing,
    )


def _level(
    level: Literal["responses", "shared"],
    runtime: Runtime,
    statistics: Mapping[str, Statistics],
    *,
    enabled: bool,
    most: tuple[int, int],
    clean_ups: CleanUps,
    standing: Standing,
) -> CacheLevel:
    found = list(statistics.values())
    hits = sum(each.hits for each in found)
    lookups = hits + sum(each.misses + each.joins for each in found)
    return CacheLevel(
        level=level,
        enabled=enabled,
        entries=sum(each.entries for each in found),
        bytes=sum(each.bytes for each in found),
        max_entries=most[0],
        max_bytes=most[1],
        hit_rate=hits / lookups if lookups else None,
        store=CacheStore.model_validate(standing, from_attributes=True),
        cleanup=CacheCleanup(
            every_seconds=round(runtime.settings.tasks.cache_cleanup),
            times=clean_ups.times,
            removed=clean_ups.removed,
            last_removed=clean_ups.last_removed,
            last_at=clean_ups.last_at,
        ),
        namespaces=[_namespace(name, each) for name, each in sorted(statistics.items())],
    )


def _namespace(name: str, found: Statistics) -> CacheNamespace:
    oldest = found.oldest_seconds
    figures = {**asdict(found), "oldest_seconds": None if oldest is None else int(oldest)}
    return CacheNamespace.model_validate({"namespace": name, **figures})


def _warming(warmer: Warmer) -> CacheWarming:
    done = warmer.statistics()
    return CacheWarming(
        enabled=warmer.enabled and warmer.seconds > 0,
        under_way=warmer.under_way,
        remembered=len(warmer.responses.popularity.by_key),
        rounds=done.rounds,
        warmed=done.warmed,
        refused=done.refused,
        failed=done.failed,
        left_over=done.left_over,
        used=done.used,
        saved_seconds=round(done.saved_seconds, 3),
        spent_seconds=round(done.seconds, 3),
        last_at=done.last_at,
        last_ms=None if done.last_seconds is None else round(done.last_seconds * 1000, 1),
        last_warmed=done.last_warmed,
    )
