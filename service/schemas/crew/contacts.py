"""How to reach a crew member: for admins of the desk only."""

from typing import Annotated

from pydantic import AfterValidator, Field

from service.schemas.asked import WrittenAs, usable
from service.schemas.envelope import Ask, Instant, Wire

Phone = Annotated[
    str, Field(pattern=r"^\+?[0-9][0-9 ()/.-]{1,38}$"), WrittenAs("a number such as 01632 960100")
]
Email = Annotated[
    str,
    Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254),
    WrittenAs("jo@example.org"),
    AfterValidator(usable),
]
Position = Annotated[str, Field(min_length=1, max_length=140), AfterValidator(usable)]


class ContactDetailsAsk(Ask):
    """The whole contact as it is to be; what is left out is known no more."""

    phone: Phone | None = None
    email: Email | None = None
    position: Position | None = None


class ContactDetails(Wire):
    """How to reach a crew member."""

    crew_id: int
    phone: str | None
    email: str | None
    position: str | None
    version: int = Field(description="What `If-Match` of a change must name.")
    updated_at: Instant
