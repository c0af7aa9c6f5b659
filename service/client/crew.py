# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Crew`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from service.client._blocking import (
    Blocking,
    BlockingFile,
    BlockingList,
    BlockingReport,
    BlockingStream,
    DeskSync,
)
from service.client._crew_appliances import CrewAppliances
from service.client._crew_contact import CrewContact
from service.client._crew_entities import CrewEntities
from service.client._crew_explanations import CrewExplanations
from service.client._crew_records import CrewRecords
from service.client._crew_reports import CrewReports
from service.client._crew_skills import CrewSkills
from service.client._crew_stations import CrewStations
from service.client._crew_subscriptions import CrewSubscriptions
from service.client._desk import FileCall
from service.client._events import EventStream
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.crew.appliances import CoverageMatrix
from service.schemas.crew.batches import Batch, BatchAsk, Lookup, LookupAsk
from service.schemas.crew.hours import PersonHours, StationHours
from service.schemas.crew.jobs import CrewSyncAsk
from service.schemas.crew.people import Availability, Blocks, CrewMember, Segments
from service.schemas.envelope import Catalogue, Run
from service.schemas.statements import Statement, StatementAsk


class Crew(
    CrewReports,
    CrewExplanations,
    CrewRecords,
    CrewEntities,
    CrewAppliances,
    CrewSkills,
    CrewStations,
    CrewSubscriptions,
    CrewContact,
):
    """Who can turn out and until when, is the appliance on the run, and who would close the gap."""

    async def availability_batch(self, body: BatchAsk, *, options: CallOptions | None = None) -> Batch:
        """When many people and appliances are available.

        Segments as they are stored, each of one local day; whom there is not is listed.
        """
        return await self._call(Batch, "POST", "/v1/crew/availability/batch", body=body, options=options)

    async def coverage_matrix(
        self,
        *,
        station: str,
        from_: datetime | str | None = None,
        to: datetime | str | None = None,
        step: Literal[5, 10, 15, 30, 60] | None = None,
        known_at: datetime | str | None = None,
        options: CallOptions | None = None,
    ) -> CoverageMatrix:
        """A station slot by slot: crew, officers, drivers, breathing apparatus, appliances.

        A local day has 92, 96 or 100 quarter hours; null is where nobody looked.

        - from_: Default: the beginning of the present day at the station.
        - to: Default: the end of the local day in which `from` lies.
        - step: Minutes of a slot.
        - known_at: As it was known at this instant; default: as it is known now.
        """
        return await self._call(
            CoverageMatrix,
            "GET",
            "/v1/crew/coverage",
            query={"station": station, "from": from_, "to": to, "step": step, "known_at": known_at},
            options=options,
        )

    def export_segments(
        self,
        *,
        from_: datetime | str,
        to: datetime | str,
        redact: bool | None = None,
        known_at: datetime | str | None = None,
        station: str | None = None,
        options: CallOptions | None = None,
    ) -> FileCall:
        """The segments of everybody, line by line.

        NDJSON by person and time. The last line (`"end": true`) says how many there were, and how
        complete.

        - redact: Numbers in place of names, for displays that everybody sees.
        - known_at: As it was known at this instant; default: as it is known now.
        - station: Code; default: every station that you may see.
        """
        return self._file(
            "/v1/crew/export/segments",
            {"redact": redact, "from": from_, "to": to, "known_at": known_at, "station": station},
            options,
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
        zone: str | None = None,
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
        - zone: IANA zone of the station's clock; needed once for a station that is new here.
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
                "zone": zone,
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

    async def lookup(self, body: LookupAsk, *, options: CallOptions | None = None) -> Lookup:
        """Find people by the names that the grid has for them.

        In the order asked for; names that nobody has are listed.
        """
        return await self._call(Lookup, "POST", "/v1/crew/lookup", body=body, options=options)

    async def reports(self, *, options: CallOptions | None = None) -> Catalogue:
        """The reports of crew.

        Names, titles, formats and parameters (JSON schema) of every report.
        """
        return await self._call(Catalogue, "GET", "/v1/crew/reports", options=options)

    async def seal(self, body: StatementAsk, *, options: CallOptions | None = None) -> Statement:
        """Seal a report as a statement.

        The report as it reads now, with its completeness, versions and hash; it never changes. A report
        that is not complete is refused unless `accept_incomplete`.
        """
        return await self._call(Statement, "POST", "/v1/crew/statements", body=body, options=options)

    def stream(
        self,
        *,
        station: str | None = None,
        redact: bool | None = None,
        last_event_id: str | None = None,
        options: CallOptions | None = None,
    ) -> EventStream:
        """Changes as they happen, as server-sent events.

        `start`, then each `change` with its number as id; `version` when anything of a station is new.

        It lasts a minute; browsers come back by themselves with `Last-Event-ID`, and miss nothing.

        - station: Code; default: every station that you may see.
        - redact: Numbers in place of names, for displays that everybody sees.
        - last_event_id: Number of the last change that came.
        """
        return self._stream(
            "/v1/crew/stream",
            {"station": station, "redact": redact},
            options,
            {"Last-Event-ID": last_event_id},
        )

    async def sync(self, body: CrewSyncAsk, *, options: CallOptions | None = None) -> Run:
        """Read a station now.

        A run at once; where one is under way, 409 with its id in `errors` and its address in `Location`.
        """
        return await self._call(Run, "POST", "/v1/crew/sync", body=body, options=options)

    async def person(
        self,
        crew_id: int,
        *,
        redact: bool | None = None,
        options: CallOptions | None = None,
    ) -> CrewMember:
        """One person.

        The profile as the newest look at a grid has it; contacts are apart.

        - crew_id: Number of a crew member.
        - redact: Numbers in place of names, for displays that everybody sees.
        """
        return await self._call(
            CrewMember,
            "GET",
            f"/v1/crew/{segment(crew_id)}",
            query={"redact": redact},
            options=options,
        )

    async def person_availability(
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

    async def person_blocks(
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

    async def person_hours(
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

    async def person_segments(
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

    people = BlockingList(Crew.people)
    appliances = Blocking(Crew.appliances)
    appliance_forecast = Blocking(Crew.appliance_forecast)
    appliance_gaps = Blocking(Crew.appliance_gaps)
    appliance_rules = Blocking(Crew.appliance_rules)
    replace_appliance_rules = Blocking(Crew.replace_appliance_rules)
    appliance_status = Blocking(Crew.appliance_status)
    appliance_what_if = Blocking(Crew.appliance_what_if)
    availability_batch = Blocking(Crew.availability_batch)
    changes = BlockingList(Crew.changes)
    upcoming = BlockingList(Crew.upcoming)
    coverage_matrix = Blocking(Crew.coverage_matrix)
    export_segments = BlockingFile(Crew.export_segments)
    station_hours = Blocking(Crew.station_hours)
    import_file = Blocking(Crew.import_file)
    import_findings = Blocking(Crew.import_findings)
    lookup = Blocking(Crew.lookup)
    reports = Blocking(Crew.reports)
    availability = BlockingReport(Crew.availability)
    availability_explain = Blocking(Crew.availability_explain)
    coverage = BlockingReport(Crew.coverage)
    coverage_explain = Blocking(Crew.coverage_explain)
    fairness = BlockingReport(Crew.fairness)
    fairness_explain = Blocking(Crew.fairness_explain)
    forecast = BlockingReport(Crew.forecast)
    forecast_explain = Blocking(Crew.forecast_explain)
    gap_cover = BlockingReport(Crew.gap_cover)
    gap_cover_explain = Blocking(Crew.gap_cover_explain)
    gaps = BlockingReport(Crew.gaps)
    gaps_explain = Blocking(Crew.gaps_explain)
    hours = BlockingReport(Crew.hours)
    hours_explain = Blocking(Crew.hours_explain)
    monthly_return = BlockingReport(Crew.monthly_return)
    monthly_return_explain = Blocking(Crew.monthly_return_explain)
    off_the_run = BlockingReport(Crew.off_the_run)
    off_the_run_explain = Blocking(Crew.off_the_run_explain)
    recovery = BlockingReport(Crew.recovery)
    recovery_explain = Blocking(Crew.recovery_explain)
    turnout = BlockingReport(Crew.turnout)
    turnout_explain = Blocking(Crew.turnout_explain)
    export = Blocking(Crew.export)
    skills = Blocking(Crew.skills)
    put_skill_alias = Blocking(Crew.put_skill_alias)
    delete_skill_alias = Blocking(Crew.delete_skill_alias)
    seal = Blocking(Crew.seal)
    stations = Blocking(Crew.stations)
    station = Blocking(Crew.station)
    station_live = Blocking(Crew.station_live)
    unlock = Blocking(Crew.unlock)
    stream = BlockingStream(Crew.stream)
    subscriptions = BlockingList(Crew.subscriptions)
    subscribe = Blocking(Crew.subscribe)
    subscription = Blocking(Crew.subscription)
    unsubscribe = Blocking(Crew.unsubscribe)
    deliveries = BlockingList(Crew.deliveries)
    resume_subscription = Blocking(Crew.resume_subscription)
    sync = Blocking(Crew.sync)
    person = Blocking(Crew.person)
    person_availability = Blocking(Crew.person_availability)
    person_blocks = Blocking(Crew.person_blocks)
    contact = Blocking(Crew.contact)
    put_contact = Blocking(Crew.put_contact)
    delete_contact = Blocking(Crew.delete_contact)
    person_hours = Blocking(Crew.person_hours)
    person_segments = Blocking(Crew.person_segments)
