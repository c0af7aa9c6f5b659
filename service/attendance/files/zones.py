"""Which clock a file shows: said once for a source, the same for all sources of an installation."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.attendance.queries.sources import KnownSource, address_of
from service.attendance.rules.zones import same_clock
from service.core.errors import FieldError, Invalid


def settled_zone(sources: Sequence[KnownSource], name: str, asked: str | None) -> str:
    """The zone of a source of files: its own, else the one asked for, else that of all other sources.

    Raises `Invalid`: `zone_required`, `zone_unknown`, or `zone_differs` where stored instants would be wrong.
    """
    if asked is not None:
        _check(asked)
    mine = next((source for source in sources if source.base_url == address_of(name)), None)
    zones = [mine.time_zone] if mine is not None else [source.time_zone for source in sources]
    if not zones and asked is None:
        raise _refused("zone_required", "say which clock the file shows: zone, such as America/Mexico_City")
    zone = zones[0] if mine is not None or asked is None else asked
    for other in [*([] if asked is None else [asked]), *(source.time_zone for source in sources)]:
        if not same_clock(zone, other, datetime.now(UTC)):
            detail = (
                f"the file's zone would be {other}, and what is stored here shows {zone}: one zone for all"
            )
            raise _refused("zone_differs", detail)
    return zone


def _check(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones
        detail = f"{zone!r} is not an IANA time zone such as America/Mexico_City"
        raise _refused("zone_unknown", detail) from None


def _refused(code: str, detail: str) -> Invalid:
    return Invalid(detail, code=code, errors=[FieldError("/query/zone", code, detail)])
