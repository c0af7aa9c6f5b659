"""Statements of erasures: restrict, find what is due, delete group by group, prove that nothing is left."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    Insert,
    Row,
    Select,
    Table,
    Update,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from service.access.models import ApiKey
from service.access.queries import announce
from service.children.models import (
    Activity,
    Assessment,
    Child,
    ChildAchievement,
    DataRequest,
    ErasedSubject,
    GameSession,
    Guardian,
    PointLedger,
    ProgressNote,
    Report,
    ReportShare,
)
from service.children.models.ground import SCHEMA
from service.children.queries.leftovers import gone_with, left_of
from service.children.queries.requests import OPEN_ERASURE
from service.core.database import Base, ReadConnection, WriteConnection

OUTLIVES: Final = frozenset({DataRequest.__tablename__, ErasedSubject.__tablename__})
"""What is kept about an erased child: that it was, when, and at whose request."""
AnyRow = Row[*tuple[Any, ...]]
Change = Delete | Update | Insert


async def select_open(conn: ReadConnection, child_id: int) -> UUID | None:
    """The erasure of a child that is under way."""
    statement = select(DataRequest.id).where(
        DataRequest.child_id == child_id, DataRequest.kind == "erasure", DataRequest.state.in_(OPEN_ERASURE)
    )
    return (await conn.execute(statement)).scalar_one_or_none()


async def another_full_guardian(conn: ReadConnection, child_id: int, person: int | None) -> bool:
    """Whether somebody else has the full rights of a guardian."""
    statement = select(Guardian.user_id).where(
        Guardian.child_id == child_id, Guardian.access == "full", Guardian.user_id != person
    )
    return (await conn.execute(statement.limit(1))).one_or_none() is not None


async def restrict(conn: WriteConnection, child_id: int) -> None:
    """Guardians read, professionals see nothing; one that is restricted already stays so."""
    await conn.execute(
        update(Child)
        .where(Child.id == child_id, Child.restricted_at.is_(None))
        .values(restricted_at=func.now(), version=Child.version + 1)
    )


async def agree(conn: WriteConnection, request_id: UUID, person: int | None, grace: timedelta) -> bool:
    """Approve an erasure, so that its grace begins; False where it does not wait for that (any more)."""
    waiting = (DataRequest.state == "awaiting") & (DataRequest.expires_at > func.now())
    agreed = await conn.execute(
        update(DataRequest)
        .where(DataRequest.id == request_id, waiting)
        .values(
            state="pending",
            approvals={"person": person, "at": datetime.now(UTC).isoformat()},
            executes_at=func.now() + literal(grace),
        )
    )
    return bool(agreed.rowcount)


async def keep_restricted(conn: WriteConnection, child_id: int) -> None:
    """The restriction that an open erasure brought has a reason of its own now: calling off leaves it."""
    await conn.execute(
        update(DataRequest)
        .where(DataRequest.child_id == child_id, DataRequest.kind == "erasure")
        .where(DataRequest.state.in_(OPEN_ERASURE))
        .values(params=DataRequest.params.op("||")(cast({"restricts": False}, JSONB)))
    )


async def call_off(conn: WriteConnection, request: AnyRow) -> None:
    """End an erasure that has not begun, and lift the restriction that it brought."""
    await conn.execute(
        update(DataRequest)
        .where(DataRequest.id == request.id)
        .values(state="cancelled", finished_at=func.now(), executes_at=None)
    )
    if request.params.get("restricts"):
        await conn.execute(
            update(Child)
            .where(Child.id == request.child_id)
            .values(restricted_at=None, version=Child.version + 1)
        )


async def select_lapsed(conn: ReadConnection) -> Sequence[AnyRow]:
    """Erasures that nobody approved in time."""
    statement = select(DataRequest.id, DataRequest.child_id, DataRequest.params).where(
        DataRequest.kind == "erasure", DataRequest.state == "awaiting", DataRequest.expires_at <= func.now()
    )
    return (await conn.execute(statement.with_for_update(skip_locked=True))).all()


async def select_due(conn: ReadConnection) -> Sequence[AnyRow]:
    """Erasures whose time has come, those begun before included; none under a legal hold."""
    held = select(Child.id).where(Child.id == DataRequest.child_id, Child.legal_hold).exists()
    statement = select(DataRequest.id, DataRequest.child_id).where(
        DataRequest.kind == "erasure",
        or_(
            DataRequest.state == "executing",
            (DataRequest.state == "pending") & (DataRequest.executes_at <= func.now()),
        ),
        ~held,
    )
    return (await conn.execute(statement.order_by(DataRequest.executes_at))).all()


async def begin(conn: WriteConnection, request_id: UUID, child_id: int) -> bool:
    """From here on there is no way back: the tombstone stands, and nobody sees the child any more.

    False where it was cancelled, or put under a legal hold, at the last moment.
    """
    held = select(Child.id).where(Child.id == child_id, Child.legal_hold).exists()
    begun = await conn.execute(
        update(DataRequest)
        .where(DataRequest.id == request_id, DataRequest.state.in_(("pending", "executing")), ~held)
        .values(state="executing")
    )
    if not begun.rowcount:
        return False
    await bury(conn, {"child_id": child_id, "request_id": request_id})
    await hide_child(conn, child_id)
    return True


async def bury(conn: WriteConnection, values: Mapping[str, Any]) -> None:
    """Set the tombstone; one that stands stays."""
    await conn.execute(insert(ErasedSubject).values(**values).on_conflict_do_nothing())


async def hide_child(conn: WriteConnection, child_id: int) -> None:
    """From everybody, until it is gone."""
    await conn.execute(update(Child).where(Child.id == child_id).values(deleted_at=func.now()))


def groups(child_id: int) -> Sequence[tuple[str, Sequence[Change]]]:
    """What is deleted of a child, group by group, each in a transaction of its own; the child itself last.

    Whatever else hangs on the child goes with it by cascade.
    """
    reports = select(Report.id).where(Report.child_id == child_id)
    return (
        ("leftovers", (*gone_with(child_id), _exports(child_id))),
        (
            "writings",
            (delete(ReportShare).where(ReportShare.report_id.in_(reports)), *_all_of(child_id, _WRITINGS)),
        ),
        ("play", _all_of(child_id, _PLAY)),
        ("keys", (_bound_to_it_alone(child_id), _bound_to_others_too(child_id))),
        ("child", (delete(Child).where(Child.id == child_id),)),
    )


_WRITINGS: Final = (Report, Assessment, ProgressNote)
_PLAY: Final = (ChildAchievement, PointLedger, Activity, GameSession)


def _all_of(child_id: int, models: Sequence[Any]) -> list[Delete]:
    return [delete(model).where(model.child_id == child_id) for model in models]


def _exports(child_id: int) -> Delete:
    return delete(DataRequest).where(DataRequest.child_id == child_id, DataRequest.kind == "export")


def _binding(child_id: int) -> ColumnElement[bool]:
    return ApiKey.child_ids.contains(cast([child_id], ARRAY(BigInteger)))


def _bound_to_it_alone(child_id: int) -> Delete:
    return delete(ApiKey).where(_binding(child_id), func.cardinality(ApiKey.child_ids) == 1)


def _bound_to_others_too(child_id: int) -> Update:
    without = func.array_remove(ApiKey.child_ids, child_id)
    return update(ApiKey).where(_binding(child_id)).values(child_ids=without)


async def execute_group(conn: WriteConnection, name: str, statements: Sequence[Change]) -> int:
    """Delete one group; how many rows were named (what goes by cascade is not counted)."""
    deleted = 0
    for statement in statements:
        deleted += (await conn.execute(statement)).rowcount
    if name == "keys":
        await announce(conn)  # every replica forgets the callers it remembers
    return deleted


def tables_of_children() -> Sequence[Table]:
    """Every table of the desk with rows of one child; a new one is among them by itself."""
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.schema == SCHEMA and "child_id" in table.c and table.name not in OUTLIVES
    ]


async def count_what_is_left(conn: ReadConnection, child_id: int) -> dict[str, int]:
    """Rows of a child by table, asked of each table anew: the proof of an erasure."""
    counts = {
        f"{table.schema}.{table.name}": select(func.count())
        .select_from(table)
        .where(table.c.child_id == child_id)
        for table in tables_of_children()
    }
    counts[f"{SCHEMA}.children"] = select(func.count()).where(Child.id == child_id)
    counts[f"{SCHEMA}.report_shares"] = _count_of_orphaned_shares()
    counts["muster.api_key"] = select(func.count()).where(_binding(child_id))
    counts |= left_of(child_id)
    whole = select(*(query.scalar_subquery().label(name) for name, query in counts.items()))
    return dict((await conn.execute(whole)).mappings().one())


def _count_of_orphaned_shares() -> Select[int]:
    return (
        select(func.count()).select_from(ReportShare).where(ReportShare.report_id.not_in(select(Report.id)))
    )


async def finish(conn: WriteConnection, request_id: UUID, left: Mapping[str, int]) -> None:
    """Done, with the proof; what the guardian gave as a reason goes with the child."""
    await conn.execute(
        update(DataRequest)
        .where(DataRequest.id == request_id)
        .values(state="done", finished_at=func.now(), verification=dict(left), reason=None, params={})
    )


async def select_tombstones(conn: ReadConnection) -> Sequence[AnyRow]:
    """All tombstones, oldest first."""
    columns = (ErasedSubject.child_id, ErasedSubject.erased_at, ErasedSubject.request_id)
    return (await conn.execute(select(*columns).order_by(ErasedSubject.erased_at))).all()


async def select_risen(conn: ReadConnection) -> Sequence[AnyRow]:
    """Children that a restore from a backup brought back: they lie under a tombstone and were made before it.

    One that was made later has got the number of another anew, and is left alone.
    """
    statement = (
        select(ErasedSubject.child_id, ErasedSubject.request_id)
        .join(Child, Child.id == ErasedSubject.child_id)
        .where(Child.created_at < ErasedSubject.erased_at, _not_under_way())
    )
    return (await conn.execute(statement.order_by(ErasedSubject.child_id))).all()


def _not_under_way() -> ColumnElement[bool]:
    under_way = (
        select(true())
        .where(DataRequest.id == ErasedSubject.request_id, DataRequest.state == "executing")
        .exists()
    )
    return ~under_way


async def add_tombstone(conn: WriteConnection, child_id: int, erased_at: datetime, request_id: UUID) -> None:
    """Set a tombstone that was kept elsewhere."""
    await bury(conn, {"child_id": child_id, "erased_at": erased_at, "request_id": request_id})
