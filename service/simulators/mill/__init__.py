"""A stand-in for a knitting mill's ERP: the files it exports on a day, and on the days after (spec B)."""

from service.simulators.mill.files import FORMATS, tables, write_mill
from service.simulators.mill.mill import Mill, generate
from service.simulators.mill.plan import SIZES, Plan, Size

__all__ = ["FORMATS", "SIZES", "Mill", "Plan", "Size", "generate", "tables", "write_mill"]
