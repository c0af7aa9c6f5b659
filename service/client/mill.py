# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Mill`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from service.client._blocking import Blocking, DeskSync
from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Catalogue, Run
from service.schemas.exports import ExportAsk


class Mill(Desk):
    """Which yarn runs short, when, because of which orders; what the machines knit, at what cost."""

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of mill.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/mill/reports", options=options)

    async def export(self, report: str, body: ExportAsk, *, options: CallOptions | None = None) -> Run:
        """Write a report as a file, in the background.

        Answers 202 with a run; once done, its file is at `/v1/runs/{id}/file` for 24 hours.
        """
        return await self._call(
            Run,
            "POST",
            f"/v1/mill/reports/{segment(report)}/exports",
            body=body,
            options=options,
        )


class MillSync(DeskSync):
    """`Mill`, blocking."""

    reports = Blocking(Mill.reports)
    export = Blocking(Mill.export)
