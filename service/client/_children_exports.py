# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The exports of `Children`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.client._desk import Desk, FileCall
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.children.rights import DataExport, DataExportAsk


class ChildrenExports(Desk):
    """The exports of `Children`."""

    async def export_state(self, export_id: UUID | str, *, options: CallOptions | None = None) -> DataExport:
        """How a copy stands.

        For whoever asked for it.
        """
        return await self._call(
            DataExport,
            "GET",
            f"/v1/children/exports/{segment(export_id)}",
            options=options,
        )

    def download_export(self, export_id: UUID | str, *, options: CallOptions | None = None) -> FileCall:
        """Download a copy.

        For whoever asked for it, three times, until it expires.
        """
        return self._file(f"/v1/children/exports/{segment(export_id)}/download", {}, options)

    async def ask_for_export(
        self,
        child_id: int,
        body: DataExportAsk,
        *,
        options: CallOptions | None = None,
    ) -> dict[str, Any]:
        """Ask for a copy of everything kept about a child.

        It is written in the background, encrypted, for whoever asked; three a day, three downloads each.
        """
        return await self._call(
            dict[str, Any],
            "POST",
            f"/v1/children/{segment(child_id)}/exports",
            body=body,
            options=options,
        )
