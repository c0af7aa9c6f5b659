"""Table operations on columns: what people expect of a data frame, as whole-column functions.

Each takes a frame (a dict of columns, a pandas or a polars frame) and answers a frame of that kind, with the
values it could not use listed beside it. Frames that come in are never written to.
"""

from service.mill.vector.aggregation import aggregate
from service.mill.vector.allocation import allocate
from service.mill.vector.applying import Applied, Step, apply_all
from service.mill.vector.balances import planning_balance, shortages
from service.mill.vector.choosing import KEEP, choose
from service.mill.vector.cleaning import clean_text
from service.mill.vector.coded import Coded, Sparse
from service.mill.vector.compaction import ColumnReport, Compacted, compact
from service.mill.vector.costing import cost
from service.mill.vector.dating import dates
from service.mill.vector.explosion import Exploded, Recipe, Unplanned, explode, recipe_of
from service.mill.vector.frames import MissingColumn
from service.mill.vector.reading import UNKNOWN, Answer, CellError
from service.mill.vector.scheduling import schedule

__all__ = [
    "KEEP",
    "UNKNOWN",
    "Answer",
    "Applied",
    "CellError",
    "Coded",
    "ColumnReport",
    "Compacted",
    "Exploded",
    "MissingColumn",
    "Recipe",
    "Sparse",
    "Step",
    "Unplanned",
    "aggregate",
    "allocate",
    "apply_all",
    "choose",
    "clean_text",
    "compact",
    "cost",
    "dates",
    "explode",
    "planning_balance",
    "recipe_of",
    "schedule",
    "shortages",
]
