"""Crew details → display names, and contacts that are sealed (spec A.8, F.8 case 98).

Who is missing in a file keeps what is known of them, and so does a field that a line does not have.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from service.core.sealing import NotOpened, Sealer
from service.crew.files.details import Details, read_details
from service.crew.imports.work import Work
from service.crew.queries.profiles import ProfileRow, put_display_names, select_profiles
from service.crew.queries.reach import Reach, put_contacts, select_contacts
from service.crew.queries.scopes import of_people, of_station
from service.reporting.files.findings import finding

_REACH: Final = ("phone", "email", "position")


async def store(work: Work) -> None:
    """Read the file and, unless a rejected line refuses it, take what it says of the station's people."""
    in_thread = work.context.runtime.compute.in_thread
    details, told, work.rows = await in_thread(read_details, work.path)
    work.findings.add(told)
    known = await select_profiles(work.conn, work.station.id)
    work.findings.add(
        finding(one.line, "name", "unknown_person", "is nobody of this station: left out", "warning")
        for one in details
        if one.key not in known
    )
    if not work.refused:
        await _take(work, details, known)


async def _take(work: Work, details: Sequence[Details], known: Mapping[str, ProfileRow]) -> None:
    told = [(known[one.key], one.said) for one in details if one.key in known]
    work.came["unknown"] += len(details) - len(told)
    sealer = Sealer.of(work.context.runtime.settings)
    before = await _contacts(work, sealer, [person.id for person, _ in told])
    names = {
        person.id: said["display_name"]
        for person, said in told
        if said["display_name"] != person.display_name
    }
    reached = [_merged(before.get(person.id, Reach(person.id)), said) for person, said in told]
    contacts = [one for one in reached if one != before.get(one.crew_id, Reach(one.crew_id))]
    await put_display_names(work.conn, names)
    await put_contacts(work.conn, sealer, contacts)
    changed = {*names, *(one.crew_id for one in contacts)}
    work.came["changed"] += len(changed)
    work.came["unchanged"] += len(told) - len(changed)
    if changed:
        work.scopes |= {of_station(work.station.code), of_people(work.station.code)}


async def _contacts(work: Work, sealer: Sealer, ids: Sequence[int]) -> dict[int, Reach]:
    """Those that are known; where their key was withdrawn all are written anew, from what the file says."""
    try:
        return await select_contacts(work.conn, sealer, ids)
    except NotOpened:
        said = "contacts that lay here cannot be opened any more: only what this file says is kept"
        work.findings.add([finding(1, None, "contact_not_opened", said, "warning")])
        return {}


def _merged(before: Reach, said: Mapping[str, str | None]) -> Reach:
    values = {word: said.get(word, getattr(before, word)) for word in _REACH}
    return Reach(before.crew_id, **values)
