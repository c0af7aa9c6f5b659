# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The contact of `Crew`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.crew.contacts import ContactDetails, ContactDetailsAsk


class CrewContact(Desk):
    """The contact of `Crew`."""

    async def contact(self, crew_id: int, *, options: CallOptions | None = None) -> ContactDetails:
        """How to reach one person.

        That it was read, and by whom, is written into the audit.

        - crew_id: Number of a crew member.
        """
        return await self._call(
            ContactDetails,
            "GET",
            f"/v1/crew/{segment(crew_id)}/contact",
            options=options,
        )

    async def put_contact(
        self,
        crew_id: int,
        body: ContactDetailsAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> ContactDetails:
        """Say how to reach one person.

        One that is there is changed at the version that `If-Match` names.

        - crew_id: Number of a crew member.
        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            ContactDetails,
            "PUT",
            f"/v1/crew/{segment(crew_id)}/contact",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def delete_contact(self, crew_id: int, *, options: CallOptions | None = None) -> ContactDetails:
        """Forget how to reach one person.

        What was forgotten, for the last time.

        - crew_id: Number of a crew member.
        """
        return await self._call(
            ContactDetails,
            "DELETE",
            f"/v1/crew/{segment(crew_id)}/contact",
            options=options,
        )
