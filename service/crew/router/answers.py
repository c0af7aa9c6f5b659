"""Who asks this desk, and what for: the words of its routes."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends

from service.core.settings import CrewSettings
from service.reporting import entities

READS: Final = "crew:read"
WRITES: Final = "crew:write"
ADMIN: Final = "crew:admin"


@dataclass(frozen=True, slots=True)
class Call(entities.Call):
    """One request of somebody who may read here."""

    @property
    def settings(self) -> CrewSettings:
        """Those of the desk."""
        return self.runtime.settings.crew


CallDep = Annotated[Call, Depends(entities.call_of("crew", Call))]
