"""Assessments: added by professionals as they administered them, read by everybody around the child."""

from typing import Any, Final

from sqlalchemy import Row

from service.access import audit
from service.children.clinical.held import person_of, require_consent, require_past, standing_of, with_author
from service.children.door import admit, check, hide, note_reading
from service.children.queries import writings
from service.children.rules.permissions import Action
from service.core.auth import Caller
from service.core.database import Database, ReadConnection, WriteConnection
from service.core.errors import FieldError, Invalid
from service.schemas.children.writings import Assessment, AssessmentAsk, AssessmentListed

LISTED: Final = "assessment.list"
READ: Final = "assessment.read"
ADDED: Final = "assessment.create"


async def add(
    conn: WriteConnection, caller: Caller, child_id: int, ask: AssessmentAsk, policy: str
) -> Assessment:
    """Keep an assessment. Raises as `admit`, `Conflict` (`consent_required`), `Invalid`."""
    await admit(conn, caller, child_id, Action.ADD_ASSESSMENT, ADDED, lock=True)
    await require_consent(conn, child_id, policy)
    require_past(ask.administered_at, "/body/administered_at")
    if ask.previous_assessment_id is not None:
        await _require_previous(conn, caller, child_id, ask.previous_assessment_id)
    values = ask.model_dump() | {"child_id": child_id, "author_id": person_of(caller)}
    row = await writings.insert_assessment(conn, values)
    fields = list(ask.model_fields_set)
    await audit.record(conn, caller, ADDED, f"assessment:{row.id}", child_id=child_id, changed_fields=fields)
    return assessment_of(row)


async def read(database: Database, caller: Caller, assessment_id: int) -> Assessment:
    """One assessment, noted in the audit. Raises `Hidden`, `LevelTooLow`."""
    async with database.read() as conn:
        row = await writings.select_assessment(conn, caller, assessment_id)
        if row is None:
            await hide(conn, caller, READ, writings.owner_of_assessment(assessment_id))
    check(caller, standing_of(row), Action.READ, READ)
    await note_reading(database, caller, READ, row.child_id)
    return assessment_of(row)


def assessment_of(row: Row[Any]) -> Assessment:
    """An assessment as it travels."""
    return Assessment.model_validate(with_author(row))


def listed_of(row: Row[Any]) -> AssessmentListed:
    """The same in a list."""
    return AssessmentListed.model_validate(with_author(row))


async def _require_previous(conn: ReadConnection, caller: Caller, child_id: int, assessment_id: int) -> None:
    """Raise `Invalid` for one that is not this child's: no other can be told from one there is not."""
    row = await writings.select_assessment(conn, caller, assessment_id)
    if row is None or row.child_id != child_id:
        detail = "this child has no such assessment"
        field = FieldError("/body/previous_assessment_id", "unknown_assessment", detail)
        raise Invalid(detail, errors=[field])
