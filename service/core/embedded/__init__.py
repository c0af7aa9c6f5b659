"""The bundled PostgreSQL: start, stop, where its data live.."""

from service.core.embedded.errors import EmbeddedError, HomeInUse
from service.core.embedded.lifecycle import EmbeddedPostgres, running_url

__all__ = ["EmbeddedError", "EmbeddedPostgres", "HomeInUse", "running_url"]
