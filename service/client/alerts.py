# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""`Alerts`: one method for each of its operations, async and blocking."""

from __future__ import annotations

from typing import Literal

from service.client._blocking import Blocking, BlockingList, DeskSync
from service.client._desk import Desk, Pages
from service.client._message import etag_text, segment
from service.client._options import CallOptions
from service.schemas.envelope import Listing
from service.schemas.monitoring.alerts import (
    AlertAsk,
    AlertEvent,
    AlertFigures,
    AlertRule,
    AlertVerdict,
    NewAlertRule,
    SilenceAsk,
)


class Alerts(Desk):
    """What is watched, how it stands, who is told."""

    async def figures(self, *, options: CallOptions | None = None) -> AlertFigures:
        """What rules can watch.

        Figures, reports, gaps, sources and flags.
        """
        return await self._call(AlertFigures, "GET", "/v1/alert-figures", options=options)

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        state: Literal["ok", "pending", "firing", "unknown"] | None = None,
        severity: Literal["info", "warning", "critical"] | None = None,
        enabled: bool | None = None,
        options: CallOptions | None = None,
    ) -> Pages[AlertRule]:
        """The alert rules and how they stand, newest first.

        Every rule, or those that are in a state, of a severity, or switched on.

        - state: Only rules in this state.
        - severity: Only rules of this severity.
        - enabled: Only rules that are switched on, or off.
        """
        return self._list(
            AlertRule,
            Listing[AlertRule],
            "/v1/alerts",
            {
                "limit": limit,
                "cursor": cursor,
                "include": include,
                "state": state,
                "severity": severity,
                "enabled": enabled,
            },
            options,
        )

    async def create(self, body: AlertAsk, *, options: CallOptions | None = None) -> NewAlertRule:
        """Watch something.

        A figure of the service, a business figure of any report or gap, the age of data, or the latency
        objective. The secret of webhooks is in this answer only.
        """
        return await self._call(NewAlertRule, "POST", "/v1/alerts", body=body, options=options)

    async def get(self, rule_id: str, *, options: CallOptions | None = None) -> AlertRule:
        """One rule and how it stands.

        A rule.
        """
        return await self._call(AlertRule, "GET", f"/v1/alerts/{segment(rule_id)}", options=options)

    async def update(
        self,
        rule_id: str,
        body: AlertAsk,
        *,
        if_match: str | int,
        options: CallOptions | None = None,
    ) -> NewAlertRule:
        """Change a rule.

        The whole rule as it is to be. How it stands stays, unless it is switched off.

        - if_match: The version that is changed (ETag).
        """
        return await self._call(
            NewAlertRule,
            "PUT",
            f"/v1/alerts/{segment(rule_id)}",
            body=body,
            headers={"If-Match": etag_text(if_match)},
            options=options,
        )

    async def delete(self, rule_id: str, *, options: CallOptions | None = None) -> AlertRule:
        """Remove a rule for good, with its events.

        Remove a rule; a built-in one does not come back.
        """
        return await self._call(AlertRule, "DELETE", f"/v1/alerts/{segment(rule_id)}", options=options)

    def events(
        self,
        rule_id: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        include: Literal["total"] | None = None,
        options: CallOptions | None = None,
    ) -> Pages[AlertEvent]:
        """What became of a rule, newest first, and who was told.

        The changes of state of a rule.
        """
        return self._list(
            AlertEvent,
            Listing[AlertEvent],
            f"/v1/alerts/{segment(rule_id)}/events",
            {"limit": limit, "cursor": cursor, "include": include},
            options,
        )

    async def silence(
        self,
        rule_id: str,
        body: SilenceAsk,
        *,
        options: CallOptions | None = None,
    ) -> AlertRule:
        """Tell nobody until an instant.

        It is judged all the same. If it still fires when the silence ends, people are told then.
        """
        return await self._call(
            AlertRule,
            "POST",
            f"/v1/alerts/{segment(rule_id)}/silence",
            body=body,
            options=options,
        )

    async def test(self, rule_id: str, *, options: CallOptions | None = None) -> AlertVerdict:
        """What an evaluation now would say.

        Nothing is changed and nobody is told.
        """
        return await self._call(AlertVerdict, "POST", f"/v1/alerts/{segment(rule_id)}/test", options=options)


class AlertsSync(DeskSync):
    """`Alerts`, blocking."""

    figures = Blocking(Alerts.figures)
    list = BlockingList(Alerts.list)
    create = Blocking(Alerts.create)
    get = Blocking(Alerts.get)
    update = Blocking(Alerts.update)
    delete = Blocking(Alerts.delete)
    events = BlockingList(Alerts.events)
    silence = Blocking(Alerts.silence)
    test = Blocking(Alerts.test)
