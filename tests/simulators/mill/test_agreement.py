"""The stand-in and the desk's rules both read the specification by themselves; here they meet."""

from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

from service.mill.rules.recipe_checks import checked, scale_of
from service.simulators.mill import Mill, tables
from service.simulators.mill.dirt import damages_of
from service.simulators.mill.dirt.damage import Spoilt
from service.simulators.mill.dirt.variants import write_variants
from service.simulators.mill.files import Table
from tests.simulators.mill.reading import cells

JUDGED = {
    "BOM_RANGE", "BOM_DUP_SAME", "BOM_DUP_SUMMED", "BOM_DUP_DIFF", "BOM_SUM_NEAR", "BOM_SUM_OFF",
    "BOM_SCALE_MIXED",
}  # fmt: skip


def recipes_file(mill: Mill) -> Table:
    return next(table for table in tables(mill) if table.name == "bom")


def test_the_rules_for_recipes_find_what_the_list_says(measured: Mill) -> None:
    spoilt = Spoilt(recipes_file(measured), damages_of(measured)["bom"])
    rows = list(spoilt.table.rows())
    judged = Counter[str]()
    for one in spoilt.found:
        if one.code not in JUDGED:
            continue
        # Physical rows count from 1, and the first is the header.
        lines = [(str(rows[row - 2][1]), Decimal(str(rows[row - 2][2]))) for row in one.rows]
        if one.code == "BOM_SCALE_MIXED":
            parts = {"GK1001/1": [("90001", Decimal("0.6"))], "mixed": lines}
            assert scale_of(parts.items()).mixed == ("mixed",)
        else:
            assert one.code in checked(lines).codes
        judged[one.code] += 1
    assert judged == dict.fromkeys(JUDGED, 286)


def test_sound_recipes_are_sound_but_for_what_was_measured(measured: Mill) -> None:
    stated = defaultdict[str, list[tuple[str, Decimal]]](list)
    for style, yarn, part, _ in recipes_file(measured).rows():
        if yarn is not None:
            stated[str(style)].append((str(yarn), Decimal(str(part))))
    found = Counter(code for lines in stated.values() for code in checked(lines).codes)
    partial = sum(sum(line.parts for line in recipe) == 630 for recipe in measured.styles.recipes)
    assert found == {"BOM_DUP_SAME": 2_324, "BOM_SUM_OFF": partial}
    scale = scale_of(stated.items())
    assert (scale.divisor, scale.mixed) == (1, ())


def test_recipes_in_percent_are_all_in_percent(measured: Mill, tmp_path: Path) -> None:
    write_variants(tables(measured), tmp_path)
    stated = defaultdict[str, list[tuple[str, Decimal]]](list)
    for style, yarn, part, _ in cells(tmp_path / "bom_bom_scale_percent.csv")[1:]:
        stated[style].append((yarn, Decimal(part)))
    scale = scale_of(stated.items())
    assert (scale.code, scale.mixed) == ("BOM_SCALE_PERCENT", ())
