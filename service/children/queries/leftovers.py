"""What lies about a child outside of the desk's own tables: statements, subscriptions, files, kept answers.

"What was signed stays signed" gives way to an erasure: of a statement about the child nothing stays but a
line that it was signed, by whom, when, and its hash. One over several children goes as a whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    Insert,
    Select,
    Text,
    and_,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from service.children.models import (
    Activity,
    Assessment,
    CareAssignment,
    Consent,
    DataRequest,
    GameSession,
    ProgressNote,
    Report,
)
from service.children.models.ground import SCHEMA
from service.core.models import (
    ErasedStatement,
    IdempotencyKey,
    Run,
    RunFile,
    Statement,
    StatementWithdrawal,
)
from service.reporting.subscriptions.models import Subscription

_KEPT: Final = ("id", "desk", "report", "sha256", "sealed_by", "sealed_at")
_PLACES: Final[Mapping[str, Any]] = {
    "sessions": GameSession,
    "activities": Activity,
    "notes": ProgressNote,
    "assessments": Assessment,
    "reports": Report,
    "consents": Consent,
    "assignments": CareAssignment,
    "exports": DataRequest,
    "erasures": DataRequest,
}
"""Things with paths of their own."""


def gone_with(child_id: int) -> Sequence[Delete | Insert]:
    """Delete all of it, in this order: kept answers are found by what they are about."""
    return (
        delete(IdempotencyKey).where(_answers_about(child_id)),
        insert(ErasedStatement).from_select(
            _KEPT, select(*(getattr(Statement, name) for name in _KEPT)).where(_statements_about(child_id))
        ),
        delete(StatementWithdrawal).where(StatementWithdrawal.statement_id.in_(_statement_ids(child_id))),
        delete(Statement).where(_statements_about(child_id)),
        delete(Subscription).where(_subscriptions_about(child_id)),
        delete(RunFile).where(RunFile.run_id.in_(select(Run.id).where(_may_show(child_id)))),
        delete(Run).where(_runs_about(child_id)),
    )


def left_of(child_id: int) -> dict[str, Select[int]]:
    """How many rows there are of it still, by table."""
    count = func.count()
    return {
        "muster.idempotency_key": select(count).where(_answers_about(child_id)),
        "muster.statement": select(count).where(_statements_about(child_id)),
        "muster.subscription": select(count).where(_subscriptions_about(child_id)),
        "muster.run": select(count).where(_runs_about(child_id)),
        "muster.run_file": select(count)
        .select_from(RunFile)
        .where(RunFile.run_id.in_(select(Run.id).where(_may_show(child_id)))),
    }


def _statements_about(child_id: int) -> ColumnElement[bool]:
    """By whom they are about, or, of those from before that was noted, by what was asked for."""
    about = Statement.subjects.contains(cast([child_id], ARRAY(BigInteger)))
    asked = cast(Statement.params, JSONB)["child_id"].as_string() == str(child_id)
    return and_(Statement.desk == SCHEMA, or_(about, asked))


def _statement_ids(child_id: int) -> Select[Any]:
    return select(Statement.id).where(_statements_about(child_id))


def _subscriptions_about(child_id: int) -> ColumnElement[bool]:
    asked = Subscription.params["child_id"].as_string() == str(child_id)
    return and_(Subscription.desk == SCHEMA, asked)


def _runs_about(child_id: int) -> ColumnElement[bool]:
    """Copies, and runs of this desk that were told the child's number: reports written as files."""
    copies = select(DataRequest.run_id).where(
        DataRequest.child_id == child_id, DataRequest.run_id.is_not(None)
    )
    number = Run.params["params"]["child_id"].as_string()
    return or_(Run.id.in_(copies), and_(Run.job.like(f"{SCHEMA}.%"), number == str(child_id)))


def _may_show(child_id: int) -> ColumnElement[bool]:
    """Files about the child, and those over all children of somebody: they are kept for a day, nobody noted
    of whom they tell, and can be written anew.
    """
    over_several = and_(Run.job == f"{SCHEMA}.export", Run.params["params"]["child_id"].is_(None))
    return or_(_runs_about(child_id), over_several)


def _answers_about(child_id: int) -> ColumnElement[bool]:
    """Kept answers of writes at the child, at things of its own, and those that name it."""
    answer = IdempotencyKey
    named = func.encode(answer.body, "escape").regexp_match(f'"child_id": ?"?{child_id}"?[,}}]')
    location = answer.headers["location"].as_string()
    sealed = select(func.concat("/v1/statements/", cast(Statement.id, Text))).where(
        _statements_about(child_id)
    )
    return or_(
        answer.route.regexp_match(f"/v1/children/{child_id}(/|$)"),
        named,
        location == f"/v1/children/{child_id}",
        location.in_(sealed),
        *(_of_its_own(place, model, child_id) for place, model in _PLACES.items()),
    )


def _of_its_own(place: str, model: Any, child_id: int) -> ColumnElement[bool]:
    after = func.split_part(IdempotencyKey.route, f"/v1/children/{place}/", 2)
    ids = select(cast(model.id, Text)).where(model.child_id == child_id)
    return func.split_part(after, "/", 1).in_(ids)
