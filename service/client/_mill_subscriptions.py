# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The subscriptions of `Mill`."""

from __future__ import annotations

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.subscriptions import NewSubscription, Subscription, SubscriptionAsk


class MillSubscriptions(Desk):
    """The subscriptions of `Mill`."""

    async def subscribe(
        self,
        body: SubscriptionAsk,
        *,
        options: CallOptions | None = None,
    ) -> NewSubscription:
        """Deliver a report on a schedule.

        Into a folder, to a webhook (signed) or by e-mail, with the rights you then have. The secret of a
        webhook is in this answer only.
        """
        return await self._call(NewSubscription, "POST", "/v1/mill/subscriptions", body=body, options=options)

    async def subscription(self, subscription_id: str, *, options: CallOptions | None = None) -> Subscription:
        """One scheduled report."""
        return await self._call(
            Subscription,
            "GET",
            f"/v1/mill/subscriptions/{segment(subscription_id)}",
            options=options,
        )

    async def unsubscribe(self, subscription_id: str, *, options: CallOptions | None = None) -> Subscription:
        """End a scheduled report.

        What was delivered stays on record. Ending twice changes nothing.
        """
        return await self._call(
            Subscription,
            "DELETE",
            f"/v1/mill/subscriptions/{segment(subscription_id)}",
            options=options,
        )

    async def resume_subscription(
        self,
        subscription_id: str,
        *,
        options: CallOptions | None = None,
    ) -> Subscription:
        """Go on with a paused one.

        From the next time it is due; what was missed stays on record as skipped.
        """
        return await self._call(
            Subscription,
            "POST",
            f"/v1/mill/subscriptions/{segment(subscription_id)}/resume",
            options=options,
        )
