"""The pages around the grid: sign-in, start, refusals, the station display in both shapes (spec B.1, B.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from service.simulators.gartan.layout import UNIT, bounds
from service.simulators.gartan.plan import Station
from service.simulators.gartan.states import DayStates, available, day_states
from service.simulators.serving.answers import JSON, Answer, json_answer

REFUSED: Final = "Invalid User Name/Password"
LOCKED: Final = "Your account has been locked"


def login_page(hidden: Mapping[str, str], error: str = "", attempts: int = 0) -> str:
    """The form; after a failure with its text and the count of attempts."""
    fields = "\n".join(
        f'  <input type="hidden" name="{name}" value="{value}">' for name, value in hidden.items()
    )
    failed = f"\n<script>var unsuccessfulAttempts = {attempts};</script>" if error else ""
    return f"""<html><body class="login-page">
<form action="./Login.aspx" id="form1" method="post">
{fields}
  <input name="txt_userid" type="text" id="txt_userid">
  <input name="txt_pword" type="password" id="txt_pword">
  <span id="lbl_Error" class="text-danger">{error}</span>
  <input type="submit" name="btnLogin" value="Sign In" id="btnLogin">
</form>{failed}</body></html>"""


def main_page(user: str) -> str:
    """The page that the grid is filled into by script."""
    return (
        f'<html><body class="main"><span id="lblUser">{escape(user)}</span>'
        '<div id="divSchedule"></div></body></html>'
    )


def denied_page() -> str:
    """What an account without rights sees."""
    return "<html><body><h1>Access Denied</h1></body></html>"


def failed(kind: str, message: str, status: int = 500) -> Answer:
    """An error of ASP.NET: 500 with `Message`, no `d` (spec B.3)."""
    body = {"Message": message, "StackTrace": "   at Schedule.GetSchedule()", "ExceptionType": kind}
    return json_answer(body, status).but(media_type=f"{JSON}; charset=utf-8")


def display_page(station: Station, now: datetime, shape: int) -> str:
    """Who is on duty now, or (shape 2) which appliance is available."""
    return "\n".join(_crew(station, now) if shape == 1 else _schedule(station, now))


def _crew(station: Station, now: datetime) -> Iterator[str]:
    wall = now.astimezone(ZoneInfo(station.zone))
    unit, states = _now(station, now)
    people = states.people[:, unit]
    yield f'<span id="lblTime">{wall:%H:%M:%S}</span><span id="lblDate">{wall:%d/%m/%Y}</span>'
    yield f'<span id="lblStation">{escape(station.name or station.code)}</span>'
    title = next((one.title for one in station.appliances if one.title), None)
    column = people[:, None]
    counted = {label: int(available(station, column, label)[0]) for label in (title.needs if title else {})}
    rows = (
        f"<tr><td>{label}</td><td>{counted[label]} ({_signed(counted[label] - least)})</td></tr>"
        for label, least in (title.needs if title else {}).items()
    )
    yield f'<table id="gvCrewing">{"".join(rows)}</table>'
    on_duty = (
        f"<tr><td>{escape(one.role or '')}</td><td>{escape(one.name)}</td>"
        f"<td>({', '.join(one.skills)})</td></tr>"
        for one, off in zip(station.crew, people.tolist(), strict=True)
        if not off
    )
    yield f'<table id="gvOnDuty">{"".join(on_duty)}</table>'


def _schedule(station: Station, now: datetime) -> Iterator[str]:
    unit, states = _now(station, now)
    yield '<table id="tblSchedule">'
    for appliance, row in zip(station.appliances, states.appliances, strict=True):
        colour = "green" if row[unit] else "red"
        yield f"<tr><td><span>{escape(appliance.name)}</span></td>"
        yield f'<td style="background-color: {colour}"></td></tr>'
    yield "</table>"


def _now(station: Station, now: datetime) -> tuple[int, DayStates]:
    """The five minutes of an instant, and all states of its local day."""
    day = now.astimezone(ZoneInfo(station.zone)).date()
    return (now - bounds(day, station.zone)[0]) // UNIT, day_states(station, day)


def _signed(difference: int) -> str:
    return f"{difference:+}" if difference else "0"
