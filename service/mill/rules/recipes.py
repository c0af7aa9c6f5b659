"""Recipes: how many pounds of which component go into a pound of a style (spec R6, R7, E.2 `bom`)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, Self

from service.mill.rules.exact import ONE, ZERO, exact, product, quotient

LossMode = Literal["add_on", "yield"]
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Line:
    """`quantity_per` pounds of a component for a pound of the style; `valid_to` is the first day without.

    `loss` is a fraction below 1. `setup_lb`: pounds lost each time the style is set up, whatever is knitted.
    """

    component: str
    quantity_per: Decimal
    loss: Decimal = ZERO
    is_yarn: bool = True
    valid_from: date = FIRST_DAY
    valid_to: date = LAST_DAY
    setup_lb: Decimal = ZERO

    def is_valid(self, day: date) -> bool:
        """Whether the line holds on a day (F-27)."""
        return self.valid_from <= day < self.valid_to

    def factor(self, mode: LossMode = "add_on") -> Decimal:
        """Gross pounds for a pound of the style (R7): the loss is added on; or, as a yield, divided by."""
        if mode == "yield":
            return quotient(self.quantity_per, ONE - self.loss)
        return product(self.quantity_per, ONE + self.loss)


@dataclass(frozen=True)
class Recipes:
    """The recipes of a day. `yields`: styles whose losses are a yield.

    `parts` and `yarns`: per style, what of each style and of each yarn goes into a pound of it, losses
    included; lines of the same component are added. A style and a yarn may bear the same code.
    """

    lines: Mapping[str, Sequence[Line]]
    yields: frozenset[str] = frozenset()
    parts: Mapping[str, Mapping[str, Decimal]] = field(init=False, repr=False, compare=False)
    yarns: Mapping[str, Mapping[str, Decimal]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Add up the factors once: every explosion uses them."""
        object.__setattr__(self, "parts", self._factors(are_yarns=False))
        object.__setattr__(self, "yarns", self._factors(are_yarns=True))

    @classmethod
    def on(cls, day: date, lines: Mapping[str, Iterable[Line]], yields: Collection[str] = ()) -> Self:
        """What holds on a day; a style without a line that holds has no recipe then."""
        held = {style: tuple(one for one in of if one.is_valid(day)) for style, of in lines.items()}
        return cls({style: of for style, of in held.items() if of}, frozenset(yields))

    def mode(self, style: str) -> LossMode:
        """How the losses of a style are counted."""
        return "yield" if style in self.yields else "add_on"

    def parts_of(self, style: str) -> Mapping[str, Decimal]:
        """Styles that go into a pound of a style, with their pounds."""
        return self.parts.get(style, {})

    def yarns_of(self, style: str) -> Mapping[str, Decimal]:
        """Yarns that go into a pound of a style itself, with their pounds."""
        return self.yarns.get(style, {})

    def _factors(self, *, are_yarns: bool) -> dict[str, dict[str, Decimal]]:
        found: dict[str, dict[str, Decimal]] = {}
        with exact():
            for style, lines in self.lines.items():
                mode = self.mode(style)
                for line in lines:
                    if line.is_yarn is are_yarns:
                        of = found.setdefault(style, {})
                        of[line.component] = of.get(line.component, ZERO) + line.factor(mode)
        return found


def with_fixed_losses(
    base_lb: Decimal, loss: Decimal = ZERO, setup_lb: Decimal = ZERO, multiple_lb: Decimal = ZERO
) -> Decimal:
    """Pounds to take out for `base_lb` pounds needed: loss, set-up, rounded up to a multiple (F-29)."""
    with exact():
        needed = base_lb * (ONE + loss) + setup_lb
        over = needed % multiple_lb if multiple_lb else ZERO
        return needed + multiple_lb - over if over else needed


def scale_incomplete(recipes: Recipes, near: Decimal) -> tuple[Recipes, dict[str, Decimal]]:
    """The assumption `scale_incomplete`: recipes of yarn that add to something else than 1 are scaled to it.

    `near`: how far from 1 a sum may be and be left alone. A style of which other styles are parts is left
    alone too: its sum says nothing. Returns the recipes, and the sum of each style that was scaled: every
    answer that uses one has to say so.
    """
    totals = {
        style: sum((line.quantity_per for line in lines), ZERO)
        for style, lines in recipes.lines.items()
        if all(line.is_yarn for line in lines)
    }
    sums = {style: total for style, total in totals.items() if total > 0 and abs(total - ONE) > near}
    lines = {
        style: tuple(replace(line, quantity_per=quotient(line.quantity_per, sums[style])) for line in of)
        if style in sums
        else of
        for style, of in recipes.lines.items()
    }
    return Recipes(lines, recipes.yields), sums


def as_values(lines: Iterable[Line], mode: LossMode) -> list[dict[str, str]]:
    """Lines as JSON has them: a yarn or a style, pounds of it, the loss and how it counts."""
    return [
        {
            "yarn" if line.is_yarn else "style": line.component,
            "quantity_per": str(line.quantity_per),
            "loss": str(line.loss),
            "mode": mode,
        }
        for line in lines
    ]
