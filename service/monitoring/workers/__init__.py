"""Several processes answer on one port: what each has counted, added up by whichever is asked.

Each worker answers the others over a socket in a private folder of the process that started them, and leaves
there what it has counted, so that nothing it ever told is lost when it dies.
"""

from service.monitoring.workers.counted import absorb
from service.monitoring.workers.exchange import Seat, Workers

__all__ = ["Seat", "Workers", "absorb"]
