# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Crew`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._crew_appliances import CrewAppliances
from service.client._crew_contact import CrewContact
from service.client._crew_entities import CrewEntities
from service.client._crew_reports import CrewReports
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.attendance import Person
from service.schemas.crew.appliances import Coverage
from service.schemas.crew.hours import PersonHours, StationHours
from service.schemas.crew.people import Availability, Blocks, Segments
from service.schemas.envelope import Catalogue, Run


class Crew(CrewReports, CrewEntities, CrewAppliances, CrewContact):
    """Who can turn out and until when, is the appliance on the run, and who would close the gap."""

    async def coverage(
        self,
        *,
        station: str,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        step: Literal[5, 10, 15, 30, 60] | None = None,
        known_at: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> Coverage:
        """A station slot by slot: crew, officers, drivers, breathing apparatus, appliances.

        A local day has 92, 96 or 100 quarter hours; null is where nobody looked.

        - from_: Default: the beginning of the present day at the station.
        - to: Default: the end of the local day in which `from` lies.
        - step: Minutes of a slot.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            Coverage,
            "GET",
            "/v1/crew/coverage",
            query={"station": station, "from": from_, "to": to, "step": step, "known_at": known_at},
            options=options,
        )

    async def station_hours(
        self,
        *,
        station: str,
        week: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        redact: bool | None = None,
        options: CallOptions | None = None,
    ) -> StationHours:
        """Hours of everybody at a station in a week, against their contracts.

        By rank and name. A week has 167 to 169 hours where clocks change.

        - week: ISO week such as 2026-W10; default: this week.
        - at: Up to when hours are achieved; default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - redact: Numbers in place of names, for displays that everybody sees.
        """
        return await self._call(
            StationHours,
            "GET",
            "/v1/crew/hours",
            query={"week": week, "at": at, "known_at": known_at, "redact": redact, "station": station},
            options=options,
        )

    async def import_file(
        self,
        body: bytes,
        *,
        station: str,
        kind: Literal["auto", "report", "details"] | None = None,
        as_of: datetime | str | None = None,
        dry_run: bool | None = None,
        lenient: bool | None = None,
        name: str | None = None,
        options: CallOptions | None = None,
    ) -> Run:
        """Import a file.

        An availability report (XLSX or CSV) or crew details (text with bars) of a station, at most 32 MiB.

        Details hold contacts and need `crew:admin`. A file that cannot be used as a whole is refused at
        once (422). The run's result is the report: what came of days or people, counts by code, the first
        1,000 findings. A whole file or nothing is stored; the same file again changes nothing.

        - station: Code of the station that the file is of.
        - kind: `report`: availability by person and date; `details`: names, phones and e-mail; `auto`: by
        what the file holds.
        - as_of: When a report was made, required with one: what was observed later stays in force.
        - dry_run: Say what it would do, and do nothing.
        - lenient: Apply the good rows where others are rejected; else one refuses the whole file.
        - name: The file's name, for people to read.
        """
        return await self._call(
            Run,
            "POST",
            "/v1/crew/imports",
            query={
                "station": station,
                "kind": kind,
                "as_of": as_of,
                "dry_run": dry_run,
                "lenient": lenient,
                "name": name,
            },
            body=body,
            headers={"content-type": "application/octet-stream"},
            options=options,
        )

    async def import_findings(self, run_id: str, *, options: CallOptions | None = None) -> str:
        """All findings of an import, as CSV.

        Line, column, code, severity and message of each, and nobody's name; kept for 30 days.
        """
        return await self._call(str, "GET", f"/v1/crew/imports/{segment(run_id)}/findings", options=options)

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of crew.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/crew/reports", options=options)

    async def person(
        self,
        crew_id: int,
        *,
        redact: bool | None = None,
        options: CallOptions | None = None,
    ) -> Person:
        """One person.

        The profile as the newest look at a grid has it; contacts are apart.

        - crew_id: Number of a crew member.
        - redact: Numbers in place of names, for displays that everybody sees.
        """
        return await self._call(
            Person,
            "GET",
            f"/v1/crew/{segment(crew_id)}",
            query={"redact": redact},
            options=options,
        )

    async def availability(
        self,
        crew_id: int,
        *,
        redact: bool | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> Availability:
        """How one person stands at an instant.

        Available, unavailable and why, or not known and why not; until when, and when next.

        - crew_id: Number of a crew member.
        - redact: Numbers in place of names, for displays that everybody sees.
        - at: Default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            Availability,
            "GET",
            f"/v1/crew/{segment(crew_id)}/availability",
            query={"redact": redact, "at": at, "known_at": known_at},
            options=options,
        )

    async def blocks(
        self,
        crew_id: int,
        *,
        from_: datetime | str,
        to: datetime | str,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> Blocks:
        """The runs of one person's availability.

        Runs that touch the range, whole, joined over midnight; at the edge of what is known a bound is
        one.

        - crew_id: Number of a crew member.
        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            Blocks,
            "GET",
            f"/v1/crew/{segment(crew_id)}/blocks",
            query={"redact": redact, "from": from_, "to": to, "known_at": known_at},
            options=options,
        )

    async def hours(
        self,
        crew_id: int,
        *,
        week: str | None = None,
        at: datetime | str | None = None,
        known_at: datetime | str | None = None,
        redact: bool | None = None,
        options: CallOptions | None = None,
    ) -> PersonHours:
        """Hours of one person in a week, against the contract.

        Planned, achieved and missing; nothing that is not known is counted.

        - crew_id: Number of a crew member.
        - week: ISO week such as 2026-W10; default: this week.
        - at: Up to when hours are achieved; default: now.
        - known_at: As it was known at this instant; default: as it is known now.
        - redact: Numbers in place of names, for displays that everybody sees.
        """
        return await self._call(
            PersonHours,
            "GET",
            f"/v1/crew/{segment(crew_id)}/hours",
            query={"week": week, "at": at, "known_at": known_at, "redact": redact},
            options=options,
        )

    async def segments(
        self,
        crew_id: int,
        *,
        from_: datetime | str,
        to: datetime | str,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        state: Literal["available", "unavailable"] | None = None,
        options: CallOptions | None = None,
    ) -> Segments:
        """What was observed of one person.

        The segments that touch the range, whole, with reasons; each is of one local day.

        - crew_id: Number of a crew member.
        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            Segments,
            "GET",
            f"/v1/crew/{segment(crew_id)}/segments",
            query={"redact": redact, "from": from_, "to": to, "known_at": known_at, "state": state},
            options=options,
        )


class CrewSync(DeskSync):
    """`Crew`, blocking."""

    crew = BlockingList(Crew.crew)
    appliances = Blocking(Crew.appliances)
    appliance_forecast = Blocking(Crew.appliance_forecast)
    appliance_gaps = Blocking(Crew.appliance_gaps)
    appliance_status = Blocking(Crew.appliance_status)
    appliance_what_if = Blocking(Crew.appliance_what_if)
    coverage = Blocking(Crew.coverage)
    station_hours = Blocking(Crew.station_hours)
    import_file = Blocking(Crew.import_file)
    import_findings = Blocking(Crew.import_findings)
    reports = Blocking(Crew.reports)
    export = Blocking(Crew.export)
    person = Blocking(Crew.person)
    availability = Blocking(Crew.availability)
    blocks = Blocking(Crew.blocks)
    contact = Blocking(Crew.contact)
    put_contact = Blocking(Crew.put_contact)
    delete_contact = Blocking(Crew.delete_contact)
    hours = Blocking(Crew.hours)
    segments = Blocking(Crew.segments)
