# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The desks of the service."""

from __future__ import annotations

from service.client._loop import LoopThread
from service.client._session import Session
from service.client.access import Access, AccessSync
from service.client.alerts import Alerts, AlertsSync
from service.client.attendance import Attendance, AttendanceSync
from service.client.cache import Cache, CacheSync
from service.client.children import Children, ChildrenSync
from service.client.crew import Crew, CrewSync
from service.client.gaps import Gaps, GapsSync
from service.client.health import Health, HealthSync
from service.client.mill import Mill, MillSync
from service.client.monitoring import Monitoring, MonitoringSync
from service.client.runs import Runs, RunsSync
from service.client.statements import Statements, StatementsSync


class Desks:
    """One attribute for each desk."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.access = Access(session)
        self.alerts = Alerts(session)
        self.attendance = Attendance(session)
        self.cache = Cache(session)
        self.children = Children(session)
        self.crew = Crew(session)
        self.gaps = Gaps(session)
        self.health = Health(session)
        self.mill = Mill(session)
        self.monitoring = Monitoring(session)
        self.runs = Runs(session)
        self.statements = Statements(session)


class DesksSync:
    """One attribute for each desk, blocking."""

    def __init__(self, client: Desks, loop: LoopThread) -> None:
        self._loop = loop
        self.access = AccessSync(client.access, loop)
        self.alerts = AlertsSync(client.alerts, loop)
        self.attendance = AttendanceSync(client.attendance, loop)
        self.cache = CacheSync(client.cache, loop)
        self.children = ChildrenSync(client.children, loop)
        self.crew = CrewSync(client.crew, loop)
        self.gaps = GapsSync(client.gaps, loop)
        self.health = HealthSync(client.health, loop)
        self.mill = MillSync(client.mill, loop)
        self.monitoring = MonitoringSync(client.monitoring, loop)
        self.runs = RunsSync(client.runs, loop)
        self.statements = StatementsSync(client.statements, loop)
