"""The same files with errors in them, and a list of all of these: what an import has to find."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from service.simulators.mill.dirt import making, materials, selling
from service.simulators.mill.dirt.damage import Damage, Finding, Spoilt
from service.simulators.mill.dirt.variants import write_variants
from service.simulators.mill.files import FORMATS, tables, write_table
from service.simulators.mill.mill import Mill

MANIFEST = "manifest.json"


def write_dirty_mill(mill: Mill, folder: Path, formats: Iterable[str] = FORMATS) -> list[Finding]:
    """All files of a mill with errors (spec B.5), and the list of them as `manifest.json`.

    Raises `ValueError` for a format that is neither csv nor xlsx.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kinds, damages = tuple(formats), damages_of(mill)
    made = tables(mill)
    found: list[Finding] = []
    for table in made:
        spoilt = Spoilt(table, damages.get(table.name, ()))
        write_table(spoilt.table, folder, kinds)
        found += spoilt.found
    found += write_variants(made, folder / "variants")
    listed = {"as_of": mill.as_of.isoformat(), "size": mill.plan.size, "seed": mill.plan.seed}
    text = json.dumps({**listed, "broken": [asdict(one) for one in found]}, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return found


def damages_of(mill: Mill) -> Mapping[str, Sequence[Damage]]:
    """What is done to each file, by its name."""
    yarns = mill.masters.yarns
    idle = next(number for number in range(len(mill.stock)) if number not in mill.on_order)
    return {
        "yarn_inventory": materials.of_inventory(),
        "expected_receipts": materials.of_receipts(yarns[idle].code),
        "suppliers": materials.of_suppliers(),
        "bom": making.of_bom(yarns[0].code, yarns[1].code),
        "bom_levels": making.of_levels(),
        "knit_orders": making.of_orders(),
        "styles": making.of_styles(),
        "machines": making.of_machines(),
        "rates": making.of_rates(),
        "sales": selling.of_sales(),
        "style_map": selling.of_style_map(),
        "stage_inventory_G02": making.of_rolls(),
    }


__all__ = ["MANIFEST", "Finding", "damages_of", "write_dirty_mill"]
