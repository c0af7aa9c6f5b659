"""What the earlier system's paths can be asked (spec A.12)."""

from pydantic import Field

from service.schemas.crew.fields import Code, Moment
from service.schemas.envelope import Ask


class FormerAsk(Ask):
    """What the earlier system could not be asked: at which instant."""

    at: Moment | None = Field(None, description="Default: now.")


class FormerStationAsk(Ask):
    """Which station, where several are followed."""

    station: Code | None = Field(None, description="Default: every one that you may see.")
