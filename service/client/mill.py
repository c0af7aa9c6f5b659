# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Mill`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Catalogue, Run
from service.schemas.exports import ExportAsk
from service.schemas.mill.imports import MillFileKind, MillImportReport, MillImports


class Mill(Desk):
    """Which yarn runs short, when, because of which orders; what the machines knit, at what cost."""

    def imports(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        kind: MillFileKind | None = None,
        mode: Literal["dry_run", "strict", "lenient"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[MillImportReport, MillImports]:
        """Files that were read, the newest first.

        Each without its messages: those are with the import itself.
        """
        return self._list(
            MillImportReport,
            MillImports,
            "/v1/mill/imports",
            {"limit": limit, "cursor": cursor, "include": include, "kind": kind, "mode": mode},
            options,
        )

    async def import_file(
        self,
        body: bytes,
        *,
        kind: MillFileKind,
        mode: Literal["dry_run", "strict", "lenient"] | None = None,
        snapshot_date: date | str | None = None,
        lead_unit: Literal["days", "weeks"] | None = None,
        allow_shrink: bool | None = None,
        close_missing: bool | None = None,
        normalise: bool | None = None,
        sheet: str | None = None,
        name: str | None = None,
        options: CallOptions | None = None,
    ) -> MillImportReport:
        """Import a file of the ERP.

        CSV or XLSX, at most 50 MiB, 500,000 rows and 200 columns.

        The run's result is the report: what was read, repaired and rejected, and why; so is
        `/v1/mill/imports/{job_id}`. A whole file or nothing of it is written; a file that cannot be read
        at all is refused at once (422).

        - kind: What the file is.
        - mode: `strict`: one error and nothing is written, and many warnings are errors; `lenient`: good
        rows are written, bad ones reported; `dry_run`: writes nothing, says what `lenient` would.
        - snapshot_date: The day that the file speaks of; default: today at the mill.
        - lead_unit: Unit of the lead times of `suppliers`: the file does not say, and nothing is guessed.
        - allow_shrink: Take a snapshot that lacks more than a fifth of the one in force.
        - close_missing: Of `knit_orders`: open orders that the file does not have are completed.
        - normalise: Of `bom`: recipes that add to nearly 1 are scaled to 1.
        - sheet: Sheet of a workbook; default: the first filled one.
        - name: The file's name, for people to read.
        """
        return await self._call(
            MillImportReport,
            "POST",
            "/v1/mill/imports",
            query={
                "kind": kind,
                "mode": mode,
                "snapshot_date": snapshot_date,
                "lead_unit": lead_unit,
                "allow_shrink": allow_shrink,
                "close_missing": close_missing,
                "normalise": normalise,
                "sheet": sheet,
                "name": name,
            },
            body=body,
            headers={"content-type": "application/octet-stream"},
            options=options,
        )

    async def import_(self, job_id: int, *, options: CallOptions | None = None) -> MillImportReport:
        """What came of a file, row by row.

        The report of spec E.8: rows read, ok, repaired, rejected; sums; what is wrong, by row and column.
        """
        return await self._call(
            MillImportReport,
            "GET",
            f"/v1/mill/imports/{segment(job_id)}",
            options=options,
        )

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

    imports = BlockingList(Mill.imports)
    import_file = Blocking(Mill.import_file)
    import_ = Blocking(Mill.import_)
    reports = Blocking(Mill.reports)
    export = Blocking(Mill.export)
