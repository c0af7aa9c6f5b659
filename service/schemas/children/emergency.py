"""Reading a child's record in an emergency."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from service.schemas.children.fields import Text
from service.schemas.envelope import Ask, Instant, Wire


class BreakGlassAsk(Ask):
    """Why the record has to be read now."""

    reason: Annotated[str, Text(500, 20)] = Field(description="The guardians read it in the access log.")


class BreakGlassOpened(Wire):
    """An hour of reading one child; every use of it is noted with the reason."""

    id: UUID
    child_id: int
    expires_at: Instant
    guardian_notified: bool = Field(False, description="Whether the mail to the primary guardian was taken.")
    access_token: str | None = Field(None, description="In the first answer only, not in a repeated one.")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  OAuth's word for the kind of token
    expires_in: int = Field(description="Seconds.")
