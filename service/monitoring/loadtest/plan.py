"""What a load test does: requests in a mix, and stages of arrivals or of users."""

import re
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Scalar = str | int | float | bool
Values = Annotated[list[Scalar], Field(min_length=1, max_length=100_000)]
READING: Final = frozenset({"GET", "HEAD"})
PLACE: Final = re.compile(r"\{(\w+)\}")
"""A place of a path that is filled from `values`."""


class PlanPart(BaseModel):
    """A part of a plan; names that are none are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _path(path: str) -> str:
    # A credential must never travel to another host: neither a whole URL nor `//host` is a path.
    if not path.startswith("/") or path.startswith(("//", "/\\")) or "?" in path or "#" in path:
        raise ValueError("a path begins with one slash and has no query; write parameters under query")
    return path


class RequestPlan(PlanPart):
    """One kind of request of the mix. Of a list of values one is drawn for each request.

    `values` fill `{places}` of the path; `weight` is its share of the mix against the others'.
    """

    name: str = ""
    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: Annotated[str, AfterValidator(_path)]
    query: dict[str, Scalar | Values] = {}
    values: dict[str, Scalar | Values] = {}
    headers: dict[str, str] = {}
    body: Any = None
    weight: float = Field(1, gt=0)
    expect: list[int] = Field([], description="Statuses that are no error; empty: all below 400")

    @property
    def label(self) -> str:
        """What the report calls it."""
        return self.name or f"{self.method} {self.path}"

    @model_validator(mode="after")
    def _places_are_filled(self) -> Self:
        places = set(PLACE.findall(self.path))
        for name in sorted(places - self.values.keys()):
            raise ValueError(f"{{{name}}} of the path needs a line {name} = … in values")
        for name in sorted(self.values.keys() - places):
            raise ValueError(f"values names {name!r}, and the path has no {{{name}}}")
        return self


class Stage(PlanPart):
    """Some seconds at one load, or on the way from it `to` another.

    `rate` in requests a second (open model) or `users` (closed model).
    """

    seconds: float = Field(gt=0, le=7 * 86_400)
    rate: float | None = Field(None, ge=0, le=100_000)
    users: float | None = Field(None, ge=0, le=10_000)
    to: float | None = Field(None, ge=0, le=100_000)

    @property
    def begin(self) -> float:
        """The load it begins at."""
        return self.rate if self.rate is not None else self.users or 0.0

    @property
    def end(self) -> float:
        """The load it ends at."""
        return self.begin if self.to is None else self.to


class Bounds(PlanPart):
    """What makes a run fail.

    `errors`: share of the requests that may fail or be dropped. A request's p95 that is more than `tolerance`
    (share) and more than `floor_ms` above the baseline's is a regression, where both have so many `samples`.
    """

    errors: float = Field(0.01, ge=0, le=1)
    tolerance: float = Field(0.10, ge=0)
    floor_ms: float = Field(5, ge=0)
    samples: int = Field(100, ge=1)


class Plan(PlanPart):
    """A whole load test. Seconds everywhere; `seed` makes arrivals and draws the same in each run."""

    name: str = "load test"
    model: Literal["open", "closed"] = "open"
    arrivals: Literal["constant", "poisson"] = "constant"
    think: float = Field(0, ge=0, description="Mean seconds a user waits between answer and next request")
    seed: int = 1
    warm_up: float = Field(0, ge=0, description="Seconds at the beginning that are not measured")
    timeout: float = Field(30, gt=0)
    max_in_flight: int = Field(
        500, ge=1, le=20_000, description="Beyond it an arrival is dropped and counted"
    )
    stage: list[Stage] = Field(min_length=1, max_length=1000)
    request: list[RequestPlan] = Field(min_length=1, max_length=1000)
    bounds: Bounds = Bounds()

    @property
    def seconds(self) -> float:
        """How long it takes, the requests still in flight at the end left out."""
        return sum(stage.seconds for stage in self.stage)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        wanted, other = ("rate", "users") if self.model == "open" else ("users", "rate")
        for number, stage in enumerate(self.stage, 1):
            if getattr(stage, wanted) is None or getattr(stage, other) is not None:
                raise ValueError(f"stage {number}: the {self.model} model needs {wanted}, and no {other}")
        if self.model == "closed" and self.arrivals == "poisson":
            raise ValueError("arrivals are of the open model; the closed one has think")
        if self.warm_up >= self.seconds:
            raise ValueError(f"warm_up takes all of the {self.seconds:g} s, so nothing would be measured")
        labels = [request.label for request in self.request]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice is not None:
            raise ValueError(f"two requests are called {twice!r}; give them names")
        return self
