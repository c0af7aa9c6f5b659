"""A gap of an appliance in the words that all desks tell their gaps in, and who would close it."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from service.crew.queries.appliances import ApplianceRow
from service.crew.reports.appliance_words import shorts_in_words
from service.crew.rules.fixes import Fixes
from service.crew.rules.gaps import AppGap, Part
from service.schemas.envelope import Gap

OFF: Final = "appliance_off_the_run"
NOT_KNOWN: Final = "appliance_not_known"
MOST_NAMED: Final = 5
"""Sets of people that are named; the route has twenty."""
_HAVE: Final = {
    "off_the_run": "it is off the run",
    "crew_deficient": "its crew does not meet the rule",
    "unknown": "nothing is known of it",
}


def told(gap: AppGap, appliance: ApplianceRow, names: Mapping[int, str]) -> Gap:
    """The gap; `names` are those of the people who may be proposed, by number."""
    asked = {"station": appliance.station.code, "appliance": appliance.name, "since": gap.start.isoformat()}
    short = shorts_in_words(gap.shorts)
    return Gap(
        code=NOT_KNOWN if gap.status == "unknown" else OFF,
        need=f"{appliance.name} on the run",
        have=_HAVE[gap.status] + (f"; short of {short}" if short else ""),
        from_=gap.start,
        to=gap.end,
        reasons=["the crew would do, and the grid says off the run"] if gap.discrepancy else [],
        remedies=[line for part in gap.parts for line in _remedy(part, names)],
        subject=f"{appliance.name} ({appliance.station.code})",
        link=f"/v1/crew/reports/gaps/explain?{urlencode(asked)}",
    )


def who_would_do(fixes: Fixes, names: Mapping[int, str]) -> str:
    """`DOGWOOD, MI or ELDER, SA`; of sets `ALDER, JO with BIRCH, KE`."""
    sets = [" with ".join(names.get(id_, str(id_)) for id_ in chosen) for chosen in fixes.sets[:MOST_NAMED]]
    more = [f"{fixes.count - len(sets)} others"] if fixes.count > len(sets) else []
    return " or ".join([*sets, *more])


def _remedy(part: Part, names: Mapping[int, str]) -> list[str]:
    if not part.fixes.sets:
        return []
    when = f"{part.start:%Y-%m-%d %H:%M} to {part.end:%H:%M} UTC"
    return [f"{when}: {who_would_do(part.fixes, names)} books on"]
