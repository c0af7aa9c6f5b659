"""The files of the ERP: what stands in them, and how they are written."""

from service.simulators.mill.files.all import tables
from service.simulators.mill.files.table import Table
from service.simulators.mill.files.writing import FORMATS, write_mill, write_table

__all__ = ["FORMATS", "Table", "tables", "write_mill", "write_table"]
