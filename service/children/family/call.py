"""One request about a child: who asks, of which replica, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from service.children.queries import scopes
from service.core.auth import Caller
from service.core.database import WriteConnection
from service.core.paging import Cursors
from service.core.runtime import Runtime
from service.core.sealing import Sealer
from service.core.settings import ChildrenSettings
from service.core.versions import token


@dataclass(frozen=True)
class Call:
    """The hands of everything this room does."""

    runtime: Runtime
    caller: Caller
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @cached_property
    def sealer(self) -> Sealer:
        """Seals and opens what lies sealed."""
        return Sealer.of(self.runtime.settings)

    @property
    def cursors(self) -> Cursors:
        """What signs the places of lists."""
        return Cursors.of(self.runtime.settings)

    @property
    def settings(self) -> ChildrenSettings:
        """Those of the desk."""
        return self.runtime.settings.children

    @property
    def policy(self) -> str:
        """The privacy policy that holds."""
        return self.settings.policy_version

    @property
    def person(self) -> int:
        """Who asks; somebody without a person sees no child and comes nowhere near this."""
        if self.caller.person is None:
            raise LookupError("nobody is asking")
        return self.caller.person

    async def changed(self, conn: WriteConnection, child_ids: Sequence[int]) -> dict[str, str]:
        """Raise the versions of these children as the transaction's last statement; the answer's headers."""
        raised = await self.runtime.versions.raise_in(conn, [scopes.of_child(one) for one in child_ids])
        return {"Data-Version": token(raised)}
