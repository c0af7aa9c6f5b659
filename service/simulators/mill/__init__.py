"""A stand-in for a knitting mill's ERP: the files it exports on a day, and on the days after (spec B)."""

from service.simulators.mill.dirt import MANIFEST, Finding, write_dirty_mill
from service.simulators.mill.files import FORMATS, tables, write_mill
from service.simulators.mill.mill import Mill, generate
from service.simulators.mill.plan import SIZES, Plan, Size
from service.simulators.mill.run import CHANGES, Simulation, run_simulator
from service.simulators.mill.tomorrow import Change, next_day

__all__ = [
    "CHANGES",
    "FORMATS",
    "MANIFEST",
    "SIZES",
    "Change",
    "Finding",
    "Mill",
    "Plan",
    "Simulation",
    "Size",
    "generate",
    "next_day",
    "run_simulator",
    "tables",
    "write_dirty_mill",
    "write_mill",
]
