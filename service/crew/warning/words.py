"""What somebody is told who could keep an appliance on the run: nothing about anybody else."""

from datetime import datetime
from zoneinfo import ZoneInfo

from service.crew.warning.gaps_ahead import Ahead, Help


def subject(ahead: Ahead) -> str:
    """`P22P6 off the run Thu 5 March 09:00`."""
    return f"{ahead.appliance.name} off the run {_moment(ahead.start, ahead.appliance.station.zone)}"


def message(ahead: Ahead, crew_id: int, link: str | None) -> str:
    """The letter to one of those asked: from when to when in the station's time, and what booking on does."""
    zone = ahead.appliance.station.zone
    end = f"{'at least ' if ahead.lower_bound else ''}{_moment(ahead.end, zone)}"
    lines = [
        f"As booked now, {ahead.appliance.name} at {ahead.appliance.station.name} goes off the run:",
        "",
        f"  from   {_moment(ahead.start, zone)}",
        f"  until  {end}",
        "",
        *(_ask(one, zone) for one in ahead.helps if crew_id in one.asked),
        *(["", f"How it stands: {link}"] if link else []),
        "",
        "You get this because your booking could close the gap. It is sent once for each gap.",
    ]
    return "\n".join(lines) + "\n"


def _ask(help_: Help, zone: str) -> str:
    stretch = f"from {_moment(help_.start, zone)} until {_moment(help_.end, zone)}"
    if help_.least == 1:
        return f"- If you book on {stretch}, it stays on the run for that time."
    more = f"you and {help_.least - 1} more of those who were asked"
    return f"- If {more} book on {stretch}, it stays on the run for that time."


def _moment(at: datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%B %Y %H:%M} ({local:%Z})"
