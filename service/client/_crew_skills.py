# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The skills of `Crew`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.crew.skills import SkillAlias, SkillAliasAsk, Skills


class CrewSkills(Desk):
    """The skills of `Crew`."""

    async def skills(self, *, options: CallOptions | None = None) -> Skills:
        """Skills and their other writings.

        Every skill that a grid has named, by code; limited to stations: those that their people have.
        """
        return await self._call(Skills, "GET", "/v1/crew/skills", options=options)

    async def put_skill_alias(
        self,
        alias: str,
        body: SkillAliasAsk,
        *,
        options: CallOptions | None = None,
    ) -> SkillAlias:
        """Read another writing as a skill.

        From now on who has either has both, where people are filtered and counted.

        - alias: The other writing; case does not matter.
        """
        return await self._call(
            SkillAlias,
            "PUT",
            f"/v1/crew/skills/aliases/{segment(alias)}",
            body=body,
            options=options,
        )

    async def delete_skill_alias(self, alias: str, *, options: CallOptions | None = None) -> SkillAlias:
        """No longer read another writing as a skill.

        What it stood for.

        - alias: The other writing; case does not matter.
        """
        return await self._call(
            SkillAlias,
            "DELETE",
            f"/v1/crew/skills/aliases/{segment(alias)}",
            options=options,
        )
