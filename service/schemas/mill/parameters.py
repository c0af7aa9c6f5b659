"""Planning parameters: the one set that all screens and plans read (spec E.3)."""

from typing import Any

from pydantic import Field

from service.schemas.asked import Sentences
from service.schemas.envelope import Ask, Instant, Wire


class MillParametersAsk(Ask):
    """Values to put in force from now on; what is not named stays."""

    values: dict[str, Any] = Field(
        min_length=1, description="By name; null takes a parameter back to its default."
    )
    reason: Sentences = Field(min_length=1, description="Why, for people to read.")


class MillParameterSet(Wire):
    """A value as it was set."""

    name: str
    value: Any
    valid_from: Instant
    set_by: str
    reason: str | None


class MillParametersInForce(Wire):
    """The set in force. `changed`: what is not the default, which every answer of a plan tells."""

    version: int = Field(description="How often a value was set; for `If-Match`.")
    rules_version: str
    since: Instant | None
    values: dict[str, Any]
    changed: dict[str, Any]
    defaults: dict[str, Any]
    history: list[MillParameterSet] = Field(description="What was set, the newest first; at most 100.")
    history_count: int = Field(description="How often anything was set in all.")


class MillParametersDescribed(Wire):
    """A JSON schema: each name with its meaning, origin, range and default."""

    described: dict[str, Any]
