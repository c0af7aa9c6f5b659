"""What travels about the administration of people: who they are, their roles at desks, professionals."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from service.schemas.envelope import Ask, Instant, PageAsk, Wire
from service.schemas.people import Email, Language, PersonName

Role = Literal["parent", "professional", "staff", "admin"]
Status = Literal["pending", "active", "inactive", "suspended"]
AtDesk = Literal["viewer", "operator", "manager", "admin"]
Place = Annotated[str, Field(min_length=1, max_length=140)]
Part = Annotated[str, Field(min_length=2, max_length=100, description="Part of it, in any case.")]


class RoleHeld(Wire):
    """What a person may do at a desk; `places` null means everywhere."""

    desk: str
    role: AtDesk
    places: list[str] | None = None


class Licence(Wire):
    """What a professional says of their licence: what an admin compares with the register."""

    type: str | None = None
    number: str
    state: str | None = Field(None, description="State of the USA, or ISO 3166-2 code.")
    ends_on: date | None = None


class Account(Wire):
    """A person as admins see them."""

    id: int
    email: str
    first_name: str
    last_name: str
    role: Role
    status: Literal["pending", "active", "inactive", "suspended", "deleted"]
    email_verified: bool
    licence: Licence | None = Field(None, description="Of a professional who has named one.")
    licence_verified: bool | None = Field(None, description="Of a professional; null of everybody else.")
    desks: list[RoleHeld] = []
    last_login_at: Instant | None = None
    created_at: Instant
    version: int = Field(description="What `If-Match` of a change must name.")


class PeopleAsk(PageAsk):
    """Which people."""

    q: Part | None = None
    role: Role | None = None
    status: Status | None = None


class InviteAsk(Ask):
    """Invite somebody who will work here; parents and professionals register themselves."""

    email: Email
    first_name: PersonName
    last_name: PersonName
    role: Literal["staff", "admin"]
    language: Language = "en"


class StatusAsk(Ask):
    """Stop a person, or let them act again."""

    status: Literal["active", "inactive", "suspended"]
    reason: str | None = Field(None, min_length=1, max_length=200)


class RoleAsk(Ask):
    """What a person may do at a desk."""

    role: AtDesk
    places: list[Place] | None = Field(
        None, min_length=1, max_length=1000, description="Sites or stations; of a manager required."
    )

    @model_validator(mode="after")
    def _limited_or_not(self) -> Self:
        if self.role == "manager" and self.places is None:
            raise PydanticCustomError("places_required", "a manager is one of some places: name them")
        if self.role == "admin" and self.places is not None:
            raise PydanticCustomError("admin_limited", "an admin of a desk cannot be limited to places")
        return self


class LicenceAsk(Ask):
    """Take back that a licence was verified."""

    reason: str = Field(min_length=1, max_length=200)


class ProfessionalsAsk(PageAsk):
    """Which professionals."""

    q: Part | None = Field(None, min_length=2, max_length=100, description="Part of a name or clinic.")
    specialty: Part | None = None
    location: Part | None = None
    accepts_new_patients: bool | None = None


class FoundProfessional(Wire):
    """A verified professional, as parents may look for one."""

    id: int
    name: str
    primary_specialty: str | None = None
    clinic_name: str | None = None
    location: str | None = None
    languages_spoken: list[str] = []
    accepts_new_patients: bool
