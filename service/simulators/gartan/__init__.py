"""A stand-in for Gartan Availability: sign-in, sessions, the grid of any day and the station display
(spec A.1, A.2, B).

`async with GartanServer(plan, config) as server:` serves on `server.url`; without a plan it is one invented
station, P22 with brigade 101, whose user is `demo` with password `demo`. A plan is made by `generate`, or of
`Station`, `Member`, `Appliance` with diaries of `available_only({day: [(20, 24)]})`, or of UTC `Booking`s.
`server.faults.add(faults.server_failure(503), nth=(1, 2))` hits grids; `server.faults.add(fault, "login")`
sign-ins; `day=` one date. `server.requests` counts: `logins`, `fetches()`, `most_at_once`, `spacing()`.
`server.expire(after=3)` ends the session once; `server.set_password("demo", "new")` refuses the old one;
`server.plan = server.plan.booked("P22", name, Booking(…))` books somebody off.
"""

from service.simulators.gartan import faults
from service.simulators.gartan.config import GartanConfig
from service.simulators.gartan.generate import GeneratorConfig, generate
from service.simulators.gartan.given import at, available_only, off_during
from service.simulators.gartan.grid import Style, View, draw
from service.simulators.gartan.plan import Appliance, Booked, Booking, Member, Plan, Station, Title
from service.simulators.gartan.server import GartanServer, create_app
from service.simulators.gartan.site import Site

__all__ = [
    "Appliance",
    "Booked",
    "Booking",
    "GartanConfig",
    "GartanServer",
    "GeneratorConfig",
    "Member",
    "Plan",
    "Site",
    "Station",
    "Style",
    "Title",
    "View",
    "at",
    "available_only",
    "create_app",
    "draw",
    "faults",
    "generate",
    "off_during",
]
