"""Many people or names at once."""

from typing import Literal

from pydantic import Field

from service.schemas.crew.fields import MOST_ASKED, Code, Data, Moment, Number, PersonName, Short
from service.schemas.envelope import Ask, Instant, Wire


class LookupAsk(Ask):
    """Names as a grid writes them; spaces and case do not matter."""

    names: list[PersonName] = Field(max_length=MOST_ASKED)
    station: Code | None = Field(None, description="Default: every station that you may see.")


class Named(Wire):
    """Somebody of that name; of two stations two."""

    name: str = Field(description="As it was asked for.")
    crew_id: int
    station: str
    grid_name: str
    role: str | None


class Lookup(Wire):
    """The people of these names, in the order in which they were asked for."""

    items: list[Named]
    missing: list[str]


class BatchAsk(Ask):
    """The availability of many in a range of at most 35 days."""

    crew_ids: list[Number] | None = Field(
        None, max_length=MOST_ASKED, description="Null: everybody, where they are no more than 500."
    )
    appliance_names: list[Short] = Field([], max_length=MOST_ASKED)
    station: Code | None = Field(None, description="Default: every station that you may see.")
    from_: Moment = Field(alias="from")
    to: Moment
    match: Literal["overlap", "within"] = Field(
        "overlap", description="Segments that touch the range, or only those that lie within it."
    )
    known_at: Moment | None = Field(
        None, description="As it was known at this instant; default: as it is known now."
    )


class Stretch(Wire):
    """A stored segment: of one local day; who is available beyond midnight has another."""

    from_: Instant = Field(alias="from")
    until: Instant


class CrewBatch(Wire):
    """When a person is available."""

    crew_id: int
    station: str
    available: list[Stretch]


class ApplianceBatch(Wire):
    """When the grid has an appliance on the run."""

    appliance: str
    station: str
    available: list[Stretch]


class Missing(Wire):
    """What there is not, or what the caller may not see."""

    crew_ids: list[int]
    appliance_names: list[str]


class Batch(Wire):
    """Available segments of each, whole; who has none in the range has an empty list."""

    from_: Instant = Field(alias="from")
    to: Instant
    match: Literal["overlap", "within"]
    items: list[CrewBatch]
    appliances: list[ApplianceBatch]
    missing: Missing
    data: Data
