"""What kind of site it is and what it lets us read: checked before a sync, reported by `muster doctor`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from service.attendance.rules.zones import same_clock
from service.attendance.upstream import documents
from service.attendance.upstream.client import FrappeClient
from service.attendance.upstream.documents import Doctype
from service.attendance.upstream.pages import BY_NAME
from service.core.batches import together
from service.core.errors import (
    ServiceError,
    UpstreamError,
    UpstreamGarbled,
    UpstreamRefused,
    UpstreamSilent,
)
from service.core.findings import Finding

# A clock further off than this makes watermarks worthless; an NTP client keeps it below a tenth of a second.
WORST_CLOCK = 60.0


class WrongTimeZone(UpstreamError):
    """The zone in our settings is not the site's: every punch would stand at a wrong instant."""

    code = "upstream_time_zone"


class _Zone(msgspec.Struct):
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What a site lets us do; `rows` counts what it lists to us, by document type."""

    user: str | None = None
    release: str | None = None
    time_zone: str | None = None
    rows: Mapping[str, int] = field(default_factory=dict)
    refused_fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def well(self) -> bool:
        """Whether a sync can run."""
        return all(finding.well for finding in self.findings)


async def time_zone(client: FrappeClient) -> str | None:
    """The site's own time zone; None where it does not say (guests may ask from release 14 on)."""
    try:
        return (await client.method("frappe.client.get_time_zone", _Zone)).time_zone
    except UpstreamRefused as refused:
        if refused.code == "upstream_credential":
            raise
        return None


async def check_time_zone(client: FrappeClient) -> None:
    """Raise `WrongTimeZone` unless the configured zone shows the site's clock."""
    there = await time_zone(client)
    if there is not None and not same_clock(client.time_zone, there, datetime.now(UTC)):
        raise WrongTimeZone(
            f"the site's System Settings say {there}, the configuration says {client.time_zone}; set "
            f"MUSTER_UPSTREAM__FRAPPE__TIME_ZONE={there}"
        )


async def probe(client: FrappeClient) -> ProbeReport:
    """Look at credential, permissions, fields, zone, clock and row restrictions; findings are not raised."""
    findings: list[Finding] = []
    try:
        user = await client.method("frappe.auth.get_logged_user", str)
        findings.append(Finding("credential", True, f"the site knows the API user {user}"))
    except (UpstreamSilent, UpstreamGarbled) as error:
        remedy = f"is {client.url} its address (MUSTER_UPSTREAM__FRAPPE__URL), and is it up?"
        return ProbeReport(findings=(Finding("address", False, f"{error.detail}; {remedy}"),))
    except ServiceError as error:
        return ProbeReport(findings=(Finding("credential", False, error.detail),))
    zone = await _zone_finding(client, findings)
    rows = await _permissions(client, findings)
    findings += _restrictions(user, rows)
    findings += _clock(client)
    refused = {name: tuple(sorted(fields)) for name, fields in client.refused_fields.items()}
    return ProbeReport(user, await release(client), zone, rows, refused, tuple(findings))


async def release(client: FrappeClient) -> str:
    """The release line that the site speaks like: `v14`, `v15` or `v16`, by what it knows."""
    if await _reads(client, documents.HOLIDAY_LIST_ASSIGNMENT) is None:
        return "v16"
    # A page of one is enough: `offshift` and the v2 interface came with release 15.
    try:
        await client.method("frappe.client.get_count", int, {"doctype": documents.CHECKIN.name, **_OFFSHIFT})
    except UpstreamRefused:
        return "v14"
    return "v15"


_OFFSHIFT = {"filters": '[["offshift","=",0],["name","=",""]]'}


async def _zone_finding(client: FrappeClient, findings: list[Finding]) -> str | None:
    try:
        there = await time_zone(client)
        await check_time_zone(client)
    except ServiceError as error:
        findings.append(Finding("time_zone", False, error.detail))
        return None
    said = f"the site's time zone is {there}" if there else "the site does not say its time zone"
    findings.append(Finding("time_zone", True, said))
    return there


async def _permissions(client: FrappeClient, findings: list[Finding]) -> dict[str, int]:
    doctypes: list[Doctype[Any]] = list(documents.ALL)
    refusals = await together(doctypes, partial(_reads, client), at_once=client.settings.max_in_flight)
    rows: dict[str, int] = {}
    for doctype, refusal in zip(doctypes, refusals, strict=True):
        if refusal is None:
            rows[doctype.name] = await client.count(doctype)
            findings.append(Finding("permission", True, f"{rows[doctype.name]} {doctype.name} can be read"))
        elif doctype.required:
            findings.append(Finding("permission", False, refusal))
        else:
            findings.append(Finding("permission", True, f"{doctype.name} is left out: {refusal}"))
    return rows


async def _reads(client: FrappeClient, doctype: Doctype[Any]) -> str | None:
    """None when a page can be read, else why not; also finds out which optional fields there are."""
    order = "creation asc, name asc" if doctype is documents.DELETED else BY_NAME
    try:
        await client.rows(doctype, filters=(), order_by=order, limit=1)
    except ServiceError as error:
        return error.detail
    return None


def _restrictions(user: str, rows: Mapping[str, int]) -> list[Finding]:
    """Row restrictions are silent: few people, or check-ins of people whom we do not see, give them away."""
    people = rows.get(documents.EMPLOYEE.name)
    if people is None:
        return []
    sentence = (
        f"the site shows {people} employees to {user}; if HR knows of more, remove the User Permissions or "
        "the Employee role of that user: rows are left out without a word"
    )
    # One single employee is what an Employee-role user sees: the own record.
    return [Finding("row_restrictions", people > 1, sentence)]


def _clock(client: FrappeClient) -> list[Finding]:
    ahead = client.outbound.statistics.clock_ahead
    if ahead is None:
        return []
    well = abs(ahead) <= WORST_CLOCK
    sentence = f"the site's clock is {ahead:+.0f} s from ours" + ("" if well else "; set both by NTP")
    return [Finding("clock", well, sentence)]
