"""`python -m benchmarks [b0 b1 …]`: the benchmarks one after the other, their goals beside them.

Sizes are environment variables, with full defaults: see the head of each file.
"""

import sys
from importlib import import_module

from benchmarks.printing import VERDICTS, load, machine

MODULES = {
    "b0": "b0_punch_to_sheet",
    "b1": "b1_cached_get",
    "b2": "b2_sheet",
    "b3": "b3_first_sync",
    "b4": "b4_recompute",
    "b5": "b5_crew",
    "b6": "b6_children",
    "b7": "b7_explosion",
    "b8": "b8_monitoring",
    "b9": "b9_mill",
    "b10": "b10_claims",
    "crew-reports": "b_crew_reports",
    "grid": "b_grid",
    "ingest": "b_ingest",
    "load": "b_load",
    "mill-claims": "b_mill_claims",
    "mill-tables": "b_mill_tables",
    "statements": "statement_costs",
}


def main(names: list[str]) -> int:
    """Run these benchmarks, or all; 2 for a name that is none."""
    unknown = [name for name in names if name not in MODULES]
    if unknown:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    print(machine())
    for name in names or MODULES:
        import_module(f"benchmarks.{MODULES[name]}").main()
    _summary()
    return 0


def _summary() -> None:
    print(f"\nGoals  [load {load()}]")
    for verdict in VERDICTS:
        print(f"  {'met    ' if verdict.met else 'NOT MET'}  {verdict.title}: {verdict}")
    met = sum(verdict.met for verdict in VERDICTS)
    print(f"  {met} of {len(VERDICTS)} met")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
