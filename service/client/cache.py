# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Cache`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from service.client._blocking import Blocking, DeskSync
from service.client._desk import Desk
from service.client._options import CallOptions
from service.schemas.monitoring.cache import CacheCleared


class Cache(Desk):
    """Kept answers: forget them."""

    async def clear(
        self,
        *,
        namespace: str | None = None,
        options: CallOptions | None = None,
    ) -> CacheCleared:
        """Forget kept answers, on every replica.

        A route's template forgets its finished answers; a namespace of the shared level, or none, forgets
        all finished answers too, as they are built from it. The next request of each builds anew.

        - namespace: A route's template or a namespace of the shared level; left out: everything.
        """
        return await self._call(
            CacheCleared,
            "POST",
            "/v1/cache/clear",
            query={"namespace": namespace},
            options=options,
        )


class CacheSync(DeskSync):
    """`Cache`, blocking."""

    clear = Blocking(Cache.clear)
