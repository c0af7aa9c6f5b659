# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Statements`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._desk import Desk, Pages
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.envelope import Change, Listing
from service.schemas.statements import ChangeListing, SealedReport, Statement, StatementCheck, WithdrawAsk


class Statements(Desk):
    """Reports as they were signed, and what would differ today."""

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        desk: str | None = None,
        report: str | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Statement]:
        """Statements, newest first.

        - desk: Only statements of this desk.
        - report: Only statements of this report.
        - from_: Only those with a day from here on.
        - to: Only those with a day up to here.
        """
        return self._list(
            Statement,
            Listing[Statement],
            "/v1/statements",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "desk": desk,
                "report": report,
                "from": from_,
                "to": to,
            },
            options,
        )

    async def get(self, statement_id: str, *, options: CallOptions | None = None) -> SealedReport:
        """One statement with its rows."""
        return await self._call(
            SealedReport,
            "GET",
            f"/v1/statements/{segment(statement_id)}",
            options=options,
        )

    def changes(
        self,
        statement_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[Change, ChangeListing]:
        """What would differ today, and why.

        The same report of today beside what was signed: every figure that differs.
        """
        return self._list(
            Change,
            ChangeListing,
            f"/v1/statements/{segment(statement_id)}/changes",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    async def file(
        self,
        statement_id: str,
        *,
        locale: Literal["en", "es"] | None = None,
        delimiter: Literal[",", ";", "\t", "|"] | None = None,
        bom: bool | None = None,
        durations: Literal["hms", "hours", "seconds"] | None = None,
        options: CallOptions | None = None,
    ) -> SealedReport:
        """A statement as a file.

        - locale: Language of labels in HTML, CSV and XLSX.
        - delimiter: Between the cells of a CSV file.
        - bom: Byte order mark in front of a CSV file.
        - durations: How files write durations.
        """
        return await self._call(
            SealedReport,
            "GET",
            f"/v1/statements/{segment(statement_id)}/file",
            query={"locale": locale, "delimiter": delimiter, "bom": bom, "durations": durations},
            options=options,
        )

    async def verify(self, statement_id: str, *, options: CallOptions | None = None) -> StatementCheck:
        """Is it still what was signed.

        Computes every part's digest and the hash again, and names the parts that differ.
        """
        return await self._call(
            StatementCheck,
            "GET",
            f"/v1/statements/{segment(statement_id)}/verify",
            options=options,
        )

    async def withdraw(
        self,
        statement_id: str,
        body: WithdrawAsk,
        *,
        options: CallOptions | None = None,
    ) -> Statement:
        """Stand by a statement no longer.

        The statement stays, with who withdrew it and why. Needs the desk's write scope.
        """
        return await self._call(
            Statement,
            "POST",
            f"/v1/statements/{segment(statement_id)}/withdraw",
            body=body,
            options=options,
        )


class StatementsSync(DeskSync):
    """`Statements`, blocking."""

    list = BlockingList(Statements.list)
    get = Blocking(Statements.get)
    changes = BlockingList(Statements.changes)
    file = Blocking(Statements.file)
    verify = Blocking(Statements.verify)
    withdraw = Blocking(Statements.withdraw)
