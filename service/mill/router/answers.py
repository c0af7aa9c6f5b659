"""Who asks this desk, and what for: the words of its routes."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import Depends

from service.core.auth import Caller, needs
from service.core.settings import MillSettings
from service.mill.rules.weeks import day_in
from service.reporting import entities

READS: Final = "mill:read"
WRITES: Final = "mill:write"
ADMIN: Final = "mill:admin"


@dataclass(frozen=True, slots=True)
class Call(entities.Call):
    """One request of somebody who may read here."""

    @property
    def settings(self) -> MillSettings:
        """Those of the desk."""
        return self.runtime.settings.mill

    @property
    def today(self) -> date:
        """The day at the mill."""
        return day_in(self.settings.time_zone, self.now)


CallDep = Annotated[Call, Depends(entities.call_of("mill", Call))]
Planner = Annotated[Caller, Depends(needs(WRITES))]
Admin = Annotated[Caller, Depends(needs(ADMIN))]
