"""Who stands around a child, as it travels: guardians, professionals and their access, consents (spec D4)."""

from typing import Annotated, Literal

from pydantic import Field

from service.schemas.children.bounds import Moment
from service.schemas.children.fields import Email, Number, OneOf, Text
from service.schemas.children.words import (
    AssignmentStatus,
    CareAccess,
    ConsentPurpose,
    GuardianAccess,
    Relation,
)
from service.schemas.envelope import Ask, Instant, PageAsk, Wire

Reason = Annotated[str, Text(500)]


class AroundAsk(PageAsk):
    """A page of those who stand around a child."""

    limit: int = Field(20, ge=1, le=100, description="Rows on a page; out of range is refused.")


class GuardianAsk(Ask):
    """Somebody with a parent's account of their own, by its e-mail address."""

    email: Email
    relation: Annotated[Relation, OneOf()]
    access: Annotated[Literal["full", "read_only"], OneOf()] = "read_only"


class GuardianShown(Wire):
    """A guardian; phone and e-mail of others only for who needs them."""

    user_id: int
    name: str
    relation: Relation
    access: GuardianAccess
    phone: str | None = None
    email: str | None = None
    created_at: Instant


class AssignmentAsk(Ask):
    """An invitation of a professional whose licence has been verified."""

    professional_id: Number
    access_level: Annotated[CareAccess, OneOf()] = "view"
    ends_at: Moment | None = Field(None, description="When the access ends by itself; null: not at all.")
    reason: Reason | None = None
    grant_consent: bool = Field(
        False, description="Also give consent to share the child's record with this professional."
    )


class AssignmentPatch(Ask):
    """What becomes of an assignment: the professional accepts or declines, either side ends it."""

    action: Annotated[Literal["accept", "decline", "end"], OneOf()]
    reason: Reason | None = None


class AssignmentsAsk(AroundAsk):
    """A professional's own assignments."""

    status: Annotated[AssignmentStatus, OneOf()] | None = None


class AssignmentShown(Wire):
    """A professional's access to a child. Its reason is shown to guardians and to the professional."""

    id: int
    child_id: int
    professional_id: int
    professional_name: str
    access_level: CareAccess
    status: AssignmentStatus
    invited_by: int
    invited_by_name: str
    starts_at: Instant
    ends_at: Instant | None = None
    reason: str | None = None
    created_at: Instant
    version: int


class ConsentAsk(Ask):
    """A consent to the present policy; one to share needs the professional it is for."""

    purpose: Annotated[ConsentPurpose, OneOf()]
    grantee_user_id: Number | None = Field(None, description="Of `share_professional`: with whom.")
    policy_version: Annotated[str, Text(50)] | None = Field(
        None, description="The policy that was read; refused unless it is the present one."
    )


class ConsentShown(Wire):
    """A consent as it was given; withdrawn, it stays on record."""

    id: int
    child_id: int
    purpose: ConsentPurpose
    grantee_user_id: int | None = None
    granted_by: int
    policy_version: str
    legal_basis: str
    granted_at: Instant
    withdrawn_at: Instant | None = None
    outdated: bool = Field(description="It stands, and the policy has changed since.")
