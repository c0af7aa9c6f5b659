"""Children somebody may see: pages of them, counts, and how complete one's description is."""

from collections.abc import Sequence
from typing import Any

from service.children.door import hide
from service.children.family.call import Call
from service.children.family.record import senses_of
from service.children.family.shown import summary
from service.children.queries import listed, profiles
from service.children.queries.paged import read_page
from service.children.queries.statistics import (
    AGE_CATEGORIES,
    STYLES,
    SUPPORT_LEVELS,
    select_statistics,
)
from service.children.rules.completion import SECTIONS, standing_of
from service.children.rules.rounding import rounded
from service.core.database import ReadConnection
from service.schemas.children.family import (
    ChildrenAsk,
    ChildrenSearchAsk,
    ChildrenStatistics,
    ChildSummary,
    ProfileCompletion,
)
from service.schemas.envelope import Listing


async def page_of(conn: ReadConnection, call: Call, ask: ChildrenAsk) -> Listing[ChildSummary]:
    """A page of children, newest first, with what is to be included."""
    wanted = listed.Filter(
        name=ask.q,
        support_level=ask.support_level,
        age_min=ask.age_min,
        age_max=ask.age_max,
        is_active=ask.is_active,
    )
    found = await _page(conn, call, ask, "children", wanted)
    included = set() if ask.include is None else set(ask.include.split(","))
    items = await _with_included(conn, found.items, included)
    return Listing[ChildSummary](items=items, page=found.page)


async def search(conn: ReadConnection, call: Call, ask: ChildrenSearchAsk) -> Listing[ChildSummary]:
    """The same by other filters, archived ones too."""
    wanted = listed.Filter(
        name=ask.search_term,
        diagnosis=ask.diagnosis_keyword,
        support_level=ask.support_level,
        age_min=ask.age_min,
        age_max=ask.age_max,
    )
    return await _page(conn, call, ask, "children.search", wanted)


async def _page(
    conn: ReadConnection, call: Call, ask: Any, name: str, wanted: listed.Filter
) -> Listing[ChildSummary]:
    statement = name, listed.NEWEST_FIRST, listed.children_of(call.caller, wanted)
    rows, page = await read_page(conn, call.caller, call.cursors, ask, statement)
    return Listing[ChildSummary](items=[summary(row, call) for row in rows], page=page)


async def _with_included(
    conn: ReadConnection, items: Sequence[ChildSummary], included: set[str]
) -> list[ChildSummary]:
    """The same children with what was asked for: one statement for each kind, whatever the page holds."""
    more: dict[int, dict[str, Any]] = {item.id: {} for item in items}
    if "sensory" in included and items:
        domains = await listed.select_sensory_of(conn, list(more))
        for child, included_too in more.items():
            own = [one for one in domains if one.child_id == child]
            included_too["sensory_profile"] = senses_of(own)
    if "recent_sessions" in included and items:
        sessions = await listed.select_recent_sessions(conn, list(more))
        for child, included_too in more.items():
            own = [one for one in sessions if one.child_id == child]
            included_too["recent_sessions"] = [one._asdict() for one in own]
    return [ChildSummary.model_validate({**item.model_dump(), **more[item.id]}) for item in items]


async def statistics(conn: ReadConnection, call: Call) -> ChildrenStatistics:
    """The children somebody may see, counted."""
    row = await select_statistics(conn, call.caller)
    values = row._asdict()
    return ChildrenStatistics.model_validate(
        {
            **values,
            "mean_level": rounded(row.mean_level),
            "by_support_level": {word: values[f"support_{word}"] for word in SUPPORT_LEVELS},
            "by_age_category": {word: values[f"age_{word}"] for word in AGE_CATEGORIES},
            "by_communication_style": {word: values[f"style_{word}"] for word in STYLES},
        }
    )


async def completion(conn: ReadConnection, call: Call, child_id: int) -> ProfileCompletion:
    """Which tenths of a child's description there are. Raises `Hidden`."""
    row = await profiles.select_completion(conn, call.caller, child_id)
    if row is None:
        await hide(conn, call.caller, "child.read", child_id)
    done = row._asdict()
    percent = 10 * sum(done.values())
    sections = [{"section": name, "done": done[name]} for name in SECTIONS]
    return ProfileCompletion.model_validate(
        {
            "child_id": child_id,
            "percent": percent,
            "standing": standing_of(percent),
            "sections": sections,
        }
    )
