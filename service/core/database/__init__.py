"""One pool over asyncpg, and the only place that commits.

`read()` is one statement in autocommit, `snapshot()` one consistent view for a report, `write()` commits.
"""

from service.core.database.connections import AWAY, Base, ReadConnection, WriteConnection, after_commit, orm
from service.core.database.copying import copy_bytes, copy_out, copy_rows, driver_in_transaction
from service.core.database.engine import Database, PoolCleanup
from service.core.database.pool import PoolCounts, PoolStatus

__all__ = [
    "AWAY",
    "Base",
    "Database",
    "PoolCleanup",
    "PoolCounts",
    "PoolStatus",
    "ReadConnection",
    "WriteConnection",
    "after_commit",
    "copy_bytes",
    "copy_out",
    "copy_rows",
    "driver_in_transaction",
    "orm",
]
