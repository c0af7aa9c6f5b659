"""The children somebody may see, counted in one statement however many they are."""

from datetime import timedelta
from typing import Any, Final, get_args

from sqlalchemy import Integer, Row, Text, case, cast, distinct, extract, func, select, true

from service.children.models import Child, GameSession
from service.children.queries.visibility import visible
from service.core.auth import Caller
from service.core.database import ReadConnection
from service.schemas.children.words import AgeCategory, CommunicationStyle

LATELY: Final = timedelta(days=30)
SUPPORT_LEVELS: Final = ("1", "2", "3", "none")
AGE_CATEGORIES: Final[tuple[str, ...]] = get_args(AgeCategory)
STYLES: Final[tuple[str, ...]] = (*get_args(CommunicationStyle), "none")


async def select_statistics(conn: ReadConnection, caller: Caller) -> Row[Any]:
    """Counts over the visible children: by level of support, age and style, and of what they played."""
    found: Row[Any] = (await conn.execute(_statistics(caller))).one()
    return found


def _statistics(caller: Caller) -> Any:
    kids = _kids(caller).cte("kids")
    played = _played(select(kids.c.id).where(kids.c.is_active)).cte("played")
    active = kids.c.is_active
    columns = [
        func.count().filter(active).label("children"),
        func.count().filter(~active).label("archived"),
        func.count().filter(kids.c.restricted).label("restricted"),
        func.coalesce(func.sum(kids.c.points).filter(active), 0).label("points"),
        func.avg(kids.c.level).filter(active).label("mean_level"),
        *_by(kids.c.support_level, active, SUPPORT_LEVELS, "support"),
        *_by(kids.c.age_category, active, AGE_CATEGORIES, "age"),
        *_by(kids.c.style, active, STYLES, "style"),
    ]
    counted = select(*columns).cte("counted")
    return select(counted, played).join_from(counted, played, true())


def _by(column: Any, active: Any, words: tuple[str, ...], group: str) -> list[Any]:
    return [func.count().filter(active, column == word).label(f"{group}_{word}") for word in words]


def _kids(caller: Caller) -> Any:
    today = func.date(func.timezone(Child.timezone, func.now()))
    years = cast(extract("year", func.age(today, Child.date_of_birth)), Integer)
    since = cast(extract("year", func.age(today, Child.age_recorded_on)), Integer)
    age = func.coalesce(years, Child.age + since)
    return select(
        Child.id,
        Child.is_active,
        Child.restricted_at.is_not(None).label("restricted"),
        Child.points,
        Child.level,
        func.coalesce(cast(Child.support_level, Text), "none").label("support_level"),
        func.coalesce(Child.communication_style, "none").label("style"),
        case(
            (age < 3, "early_intervention"),
            (age < 6, "preschool"),
            (age < 12, "elementary"),
            (age < 18, "adolescent"),
            else_="adult",
        ).label("age_category"),
    ).where(visible(caller, Child.id))


def _played(children: Any) -> Any:
    return select(
        func.count().label("sessions"),
        func.count().filter(GameSession.completion_status == "completed").label("completed_sessions"),
        func.count(distinct(GameSession.child_id)).label("active_children"),
    ).where(
        GameSession.child_id.in_(children),
        GameSession.deleted_at.is_(None),
        GameSession.started_at >= func.now() - LATELY,
    )
