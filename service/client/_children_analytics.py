# Generated from the OpenAPI document by `muster openapi --write-client`; do not edit.
"""The analytics of `Children`."""

from __future__ import annotations

from datetime import date
from typing import Literal

from service.client._desk import Desk
from service.client._message import segment
from service.client._options import CallOptions
from service.schemas.children.analytics import (
    ActivitiesAnswer,
    AnalyticsAnswer,
    ByTypeAnswer,
    ComparisonAnswer,
    EmotionsAnswer,
    SeriesAnswer,
    StreaksAnswer,
    SummaryAnswer,
    TimeseriesAnswer,
    TrendsAnswer,
)
from service.schemas.children.words import SessionType
from service.schemas.envelope import Explanation


class ChildrenAnalytics(Desk):
    """The analytics of `Children`."""

    async def analytics(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> AnalyticsAnswer:
        """All figures of a child over a window.

        Every section of a window.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            AnalyticsAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
            },
            options=options,
        )

    async def activity_figures(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> ActivitiesAnswer:
        """Activities of a child in figures.

        The activities of a window.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        """
        return await self._call(
            ActivitiesAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/activities",
            query={"window": window, "from": from_, "to": to, "tz": tz, "session_type": session_type},
            options=options,
        )

    async def activities_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Activities of a child in figures” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/activities/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def by_type(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> ByTypeAnswer:
        """Figures of a child by type of session.

        The types of session in a window.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        """
        return await self._call(
            ByTypeAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/by-type",
            query={"window": window, "from": from_, "to": to, "tz": tz, "session_type": session_type},
            options=options,
        )

    async def by_type_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Figures of a child by type of session” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/by-type/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def comparison(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> ComparisonAnswer:
        """A window against the one before it.

        The window against the one before.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        """
        return await self._call(
            ComparisonAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/comparison",
            query={"window": window, "from": from_, "to": to, "tz": tz, "session_type": session_type},
            options=options,
        )

    async def comparison_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “A window against the one before it” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/comparison/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def emotions(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> EmotionsAnswer:
        """States before and after sessions and activities.

        The states in a window.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        """
        return await self._call(
            EmotionsAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/emotions",
            query={"window": window, "from": from_, "to": to, "tz": tz, "session_type": session_type},
            options=options,
        )

    async def emotions_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “States before and after sessions and activities” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/emotions/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def progress_page(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        view: Literal["parent", "professional"] | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> str:
        """A child's progress as a page to read and print.

        The same figures as the other routes give, with how many sessions each rests on; en and es.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - view: `parent`: in plain words; `professional`: in figures.
        """
        return await self._call(
            str,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/progress-page",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "view": view,
                "locale": locale,
            },
            options=options,
        )

    async def series(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> SeriesAnswer:
        """Completed sessions of a child, one by one.

        The completed sessions of a window, one by one.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        """
        return await self._call(
            SeriesAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/series",
            query={"window": window, "from": from_, "to": to, "tz": tz, "session_type": session_type},
            options=options,
        )

    async def series_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Completed sessions of a child, one by one” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/series/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def streaks(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        as_of: date | str | None = None,
        options: CallOptions | None = None,
    ) -> StreaksAnswer:
        """Days in a row with a completed session.

        The streaks.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - as_of: Default: the last day of the window, or today.
        """
        return await self._call(
            StreaksAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/streaks",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "as_of": as_of,
            },
            options=options,
        )

    async def streaks_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Days in a row with a completed session” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/streaks/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def summary(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> SummaryAnswer:
        """A window of a child in figures.

        The summary of a window.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        """
        return await self._call(
            SummaryAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/summary",
            query={"window": window, "from": from_, "to": to, "tz": tz, "session_type": session_type},
            options=options,
        )

    async def summary_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “A window of a child in figures” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/summary/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def timeseries(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        options: CallOptions | None = None,
    ) -> TimeseriesAnswer:
        """Figures of a child by day, ISO week or month.

        The buckets of a window.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        """
        return await self._call(
            TimeseriesAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/timeseries",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
            },
            options=options,
        )

    async def timeseries_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “Figures of a child by day, ISO week or month” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/timeseries/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )

    async def trends(
        self,
        child_id: int,
        *,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        options: CallOptions | None = None,
    ) -> TrendsAnswer:
        """How figures of a child move.

        The trends of a window.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        """
        return await self._call(
            TrendsAnswer,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/trends",
            query={"window": window, "from": from_, "to": to, "tz": tz, "session_type": session_type},
            options=options,
        )

    async def trends_explain(
        self,
        child_id: int,
        *,
        figure: str,
        window: Literal["7d", "30d", "90d", "180d", "365d"] | None = None,
        from_: date | str | None = None,
        to: date | str | None = None,
        tz: str | None = None,
        session_type: SessionType | None = None,
        bucket: Literal["day", "week", "month"] | None = None,
        metric: Literal["score", "engagement", "accuracy", "duration"] | None = None,
        as_of: date | str | None = None,
        locale: Literal["en", "es"] | None = None,
        options: CallOptions | None = None,
    ) -> Explanation:
        """Why a figure of “How figures of a child move” is what it is.

        The rule and every session or activity it is worked from; `figure` is a path such as `score.mean`,
        with elements of lists by their name: `buckets.2025-W23.score.mean`.

        - window: So many local days up to today; default 30d.
        - from_: First day; with `to`.
        - to: Last day, included.
        - tz: Time zone of the days; default the child's.
        - bucket: Weeks are ISO weeks: Monday to Sunday.
        - metric: Only this metric; the counts come with every one.
        - as_of: For the streaks.
        """
        return await self._call(
            Explanation,
            "GET",
            f"/v1/children/{segment(child_id)}/analytics/trends/explain",
            query={
                "window": window,
                "from": from_,
                "to": to,
                "tz": tz,
                "session_type": session_type,
                "bucket": bucket,
                "metric": metric,
                "as_of": as_of,
                "figure": figure,
                "locale": locale,
            },
            options=options,
        )
