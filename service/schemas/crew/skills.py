"""Skills and their other writings."""

from typing import Annotated

from pydantic import AfterValidator, Field

from service.schemas.asked import usable
from service.schemas.envelope import Ask, Wire

SkillCode = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(usable)]
"""A code as grids write it; case does not matter."""


class SkillAliasAsk(Ask):
    """What another writing stands for."""

    code: SkillCode


class Skill(Wire):
    """A skill that some grid has named."""

    code: str
    label: str
    aliases: list[str] = Field(description="Other writings that are read as this skill.")


class Skills(Wire):
    """Every skill that was ever met, by code."""

    items: list[Skill]


class SkillAlias(Wire):
    """Another writing of a skill."""

    alias: str
    code: str
