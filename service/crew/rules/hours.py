"""Hours of a week against the contract (spec D.5); every figure has two decimals, half up."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

RULES_VERSION: Final = "crew-hours/1"
_HUNDREDTH: Final = Decimal("0.01")
_NOTHING: Final = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours: `planned` = available in the week, `achieved` = of these past, `still_planned` = the rest.

    `remaining_to_contract` and `projected_shortfall` are what is missing to the contract, of hours achieved
    and of hours planned; None without a contract.
    """

    planned: Decimal
    achieved: Decimal
    still_planned: Decimal
    contract: Decimal | None
    remaining_to_contract: Decimal | None
    projected_shortfall: Decimal | None
    known_hours: Decimal
    week_hours: Decimal

    @property
    def complete(self) -> bool:
        """Whether the whole week is known."""
        return self.known_hours == self.week_hours


def hours_of(
    planned: Decimal, achieved: Decimal, known: Decimal, week: Decimal, contract: Decimal | None
) -> Hours:
    """The figures from seconds, and the contract in hours.

    The differences are of the rounded figures, so that what is shown adds up.
    """
    in_all, past = rounded(planned), rounded(achieved)
    return Hours(
        in_all,
        past,
        in_all - past,
        contract,
        missing(contract, past),
        missing(contract, in_all),
        rounded(known),
        rounded(week),
    )


def rounded(seconds: Decimal) -> Decimal:
    """Seconds as hours with two decimals, half up."""
    return (seconds / 3600).quantize(_HUNDREDTH, ROUND_HALF_UP)


def missing(contract: Decimal | None, hours: Decimal) -> Decimal | None:
    """What is missing to a contract, never less than nothing."""
    return None if contract is None else max(_NOTHING, contract - hours)
