# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The entities of `Access`."""

from __future__ import annotations

from typing import Literal

from service.client._desk import Desk, Pages
from service.client._options import CallOptions
from service.schemas.access import Key
from service.schemas.administration import Account, FoundProfessional
from service.schemas.envelope import Listing


class AccessEntities(Desk):
    """The entities of `Access`."""

    def keys(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Key]:
        """API keys.

        All keys, oldest first, revoked and expired ones too; never a secret. A guardian: one's own.
        """
        return self._list(
            Key,
            Listing[Key],
            "/v1/access/keys",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    def people(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        role: Literal["parent", "professional", "staff", "admin"] | None = None,
        status: Literal["pending", "active", "inactive", "suspended"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Account]:
        """All people, in the order they came; `q` is part of a name. Erased ones are not among them."""
        return self._list(
            Account,
            Listing[Account],
            "/v1/access/people",
            {"limit": limit, "cursor": cursor, "include": include, "q": q, "role": role, "status": status},
            options,
        )

    def professionals(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        q: str | None = None,
        specialty: str | None = None,
        location: str | None = None,
        accepts_new_patients: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[FoundProfessional]:
        """Look for a professional.

        Verified ones only, by name; where they practise and whether they take new patients, no address.

        - q: Part of a name or clinic.
        """
        return self._list(
            FoundProfessional,
            Listing[FoundProfessional],
            "/v1/access/professionals",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "q": q,
                "specialty": specialty,
                "location": location,
                "accepts_new_patients": accepts_new_patients,
            },
            options,
        )
