"""The sections of D7 in SQL: each gives `child_id` and a JSON document of exact sums and counts.

They read the tables that `asked` describes; means and percentages are worked from the sums, rounded once, at
the end (`rules/rounding`). JSON keeps numeric values exact.
"""

from collections.abc import Mapping
from typing import Final

from service.schemas.children.figures import BucketUnit

_SUMMARY: Final = """
SELECT child_id, CAST(jsonb_build_object(
    'total', count(*), 'finished', count(*) FILTER (WHERE f), 'completed', count(*) FILTER (WHERE c),
    'abandoned', count(*) FILTER (WHERE completion_status = 'abandoned'),
    'interrupted', count(*) FILTER (WHERE completion_status = 'interrupted'),
    'in_progress', count(*) FILTER (WHERE NOT f),
    'open_since', min(started_at) FILTER (WHERE NOT f),
    'late', count(*) FILTER (WHERE late), 'last_at', max(started_at),
    'score_sum', sum(score) FILTER (WHERE c),
    'score_median', CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY score) FILTER (WHERE c) AS numeric),
    'score_p90', CAST(percentile_cont(0.9) WITHIN GROUP (ORDER BY score) FILTER (WHERE c) AS numeric),
    'score_min', min(score) FILTER (WHERE c), 'score_max', max(score) FILTER (WHERE c),
    'duration_sum', sum(duration_seconds) FILTER (WHERE c),
    'duration_n', count(duration_seconds) FILTER (WHERE c),
    'active_seconds', coalesce(sum(active_seconds) FILTER (WHERE f), 0),
    'engagement_sum', sum(engagement_score) FILTER (WHERE f),
    'engagement_n', count(engagement_score) FILTER (WHERE f),
    'engaged_seconds', sum(active_seconds) FILTER (WHERE f AND engagement_score IS NOT NULL),
    'accuracy_sum', sum(accuracy_pct) FILTER (WHERE f), 'accuracy_n', count(accuracy_pct) FILTER (WHERE f),
    'correct', coalesce(sum(correct_responses) FILTER (WHERE f), 0),
    'responses', coalesce(sum(correct_responses + incorrect_responses) FILTER (WHERE f), 0),
    'independence_sum', sum(100 - 100.0 * help_requests / nullif(interactions_count, 0)) FILTER (WHERE f),
    'independence_n', count(*) FILTER (WHERE f AND interactions_count > 0),
    'help', coalesce(sum(help_requests) FILTER (WHERE f), 0),
    'interactions', coalesce(sum(interactions_count) FILTER (WHERE f), 0),
    'rating_sum', sum(parent_rating) FILTER (WHERE f), 'rating_n', count(parent_rating) FILTER (WHERE f)
) AS text) AS doc FROM {rows} GROUP BY child_id
"""

# One row a metric and session that has a value for it (spec D7.5: score and duration of completed ones).
_VALUES: Final = """
SELECT s.child_id, s.started_at, s.id, s.scenario_version, s.device_type, m.metric, m.value FROM {rows} AS s
CROSS JOIN LATERAL (VALUES
    ('score', CASE WHEN s.c THEN CAST(s.score AS numeric) END),
    ('engagement', CASE WHEN s.f THEN s.engagement_score END),
    ('accuracy', CASE WHEN s.f THEN s.accuracy_pct END),
    ('duration', CASE WHEN s.c THEN CAST(s.duration_seconds AS numeric) END)
) AS m (metric, value) WHERE m.value IS NOT NULL
"""
_GROUPED: Final = """
SELECT child_id, CAST(jsonb_agg(jsonb_build_object(
    'metric', metric, 'late', late, 'scenario_version', scenario_version, 'device_type', device_type,
    'n', k, 'total', total, 'by_rank', by_rank, 'squares', squares
)) AS text) AS doc
FROM (
    SELECT child_id, metric, late, scenario_version, device_type, count(*) AS k, sum(value) AS total,
           sum(value * rank) AS by_rank, sum(value * value) AS squares
    FROM ({halves}) AS h GROUP BY child_id, metric, late, scenario_version, device_type
) AS g GROUP BY child_id
"""
_RANKED: Final = """
SELECT v.*, row_number() OVER o AS rank, row_number() OVER o > count(*) OVER m / 2 AS late
FROM ({values}) AS v
WINDOW m AS (PARTITION BY child_id, metric), o AS (PARTITION BY child_id, metric ORDER BY started_at, id)
"""
_BEFORE_AND_NOW: Final = """
SELECT v.*, 0 AS rank, false AS late FROM ({before}) AS v
UNION ALL SELECT v.*, 0, true FROM ({now}) AS v
"""

_SERIES: Final = """
SELECT child_id, CAST(jsonb_agg(jsonb_build_object(
    'session_id', id, 'started_at', started_at, 'session_type', session_type,
    'scenario_version', scenario_version, 'device_type', device_type, 'score', score, 'sum3', sum3, 'n3', n3,
    'delta', delta, 'personal_best', score > coalesce(best, -1)
) ORDER BY started_at, id) AS text) AS doc
FROM (
    SELECT *, sum(score) OVER last3 AS sum3, count(*) OVER last3 AS n3, score - lag(score) OVER o AS delta,
           max(score) OVER (PARTITION BY child_id ORDER BY started_at, id
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS best
    FROM w WHERE c
    WINDOW o AS (PARTITION BY child_id ORDER BY started_at, id),
           last3 AS (PARTITION BY child_id ORDER BY started_at, id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
) AS s GROUP BY child_id
"""

_EMOTIONS: Final = """
SELECT t.child_id, CAST(jsonb_build_object(
    'recorded', t.recorded, 'tracked', t.tracked, 'improvements', t.up, 'deteriorations', t.down,
    'stable', t.same, 'shift_sum', t.shifted, 'very_stable', t.calmest, 'changing', t.changing,
    'volatile', t.wildest, 'states', coalesce(d.states, '{{}}')
) AS text) AS doc
FROM (
    SELECT child_id, count(*) AS recorded, count(shift) AS tracked, count(*) FILTER (WHERE shift > 0) AS up,
           count(*) FILTER (WHERE shift < 0) AS down, count(*) FILTER (WHERE shift = 0) AS same,
           sum(shift) AS shifted, count(*) FILTER (WHERE transitions = 0) AS calmest,
           count(*) FILTER (WHERE transitions BETWEEN 1 AND 3) AS changing,
           count(*) FILTER (WHERE transitions > 3) AS wildest
    FROM (
        SELECT r.child_id, r.transitions, after.valence - before.valence AS shift FROM {rows} AS r
        LEFT JOIN children.emotion_scale AS before ON before.version = 1 AND before.state = r.initial_state
        LEFT JOIN children.emotion_scale AS after ON after.version = 1 AND after.state = r.final_state
        WHERE r.f
    ) AS shifts GROUP BY child_id
) AS t LEFT JOIN (
    SELECT child_id, jsonb_object_agg(state, k) AS states FROM (
        SELECT r.child_id, v.state, count(*) AS k FROM {rows} AS r
        CROSS JOIN LATERAL (VALUES (r.initial_state), (r.final_state)) AS v (state)
        WHERE r.f AND v.state IS NOT NULL GROUP BY r.child_id, v.state
    ) AS counted GROUP BY child_id
) AS d USING (child_id)
"""

_ANXIETY: Final = """
SELECT child_id, CAST(jsonb_build_object(
    'n', count(*), 'reduction', sum(anxiety_level_before - anxiety_level_after),
    'before', sum(anxiety_level_before)
) AS text) AS doc
FROM a WHERE anxiety_level_before IS NOT NULL AND anxiety_level_after IS NOT NULL GROUP BY child_id
"""

_ACTIVITIES: Final = """
SELECT asked.child_id, CAST(jsonb_build_object(
    'types', (
        SELECT jsonb_agg(to_jsonb(k) ORDER BY k.total DESC, k.activity_type) FROM (
            SELECT a.activity_type, count(*) AS total, sum(a.points_earned) AS points,
                   count(*) FILTER (WHERE a.verified) AS verified
            FROM a WHERE a.child_id = asked.child_id GROUP BY a.activity_type
        ) AS k),
    'days', (
        SELECT jsonb_agg(jsonb_build_object('day', q.day, 'points', q.points) ORDER BY q.day) FROM (
            SELECT CAST(g.day AS date) AS day, coalesce(sum(a.points_earned), 0) AS points
            FROM generate_series(CAST(asked.first AS timestamp), CAST(asked.last AS timestamp),
                                 interval '1 day') AS g (day)
            LEFT JOIN a ON a.child_id = asked.child_id AND a.day = CAST(g.day AS date) GROUP BY g.day
        ) AS q)
) AS text) AS doc FROM asked
"""

_TYPES: Final = """
SELECT child_id, CAST(jsonb_agg(jsonb_build_object(
    'session_type', session_type, 'total', total, 'finished', finished, 'completed', completed,
    'score_sum', score_sum
) ORDER BY finished DESC, session_type) AS text) AS doc
FROM (
    SELECT child_id, session_type, count(*) AS total, count(*) FILTER (WHERE f) AS finished,
           count(*) FILTER (WHERE c) AS completed, sum(score) FILTER (WHERE c) AS score_sum
    FROM w GROUP BY child_id, session_type
) AS t GROUP BY child_id
"""

# Gaps and islands over local days, of all time up to the day (spec D7.10).
_STREAKS: Final = """
SELECT asked.child_id, CAST(jsonb_build_object('as_of', asked.as_of, 'days', coalesce(r.days, 0),
    'current', coalesce(r.current, 0), 'longest', coalesce(r.longest, 0)) AS text) AS doc
FROM asked LEFT JOIN LATERAL (
    SELECT sum(length) AS days, max(length) AS longest,
           max(length) FILTER (WHERE ended >= asked.as_of - 1) AS current
    FROM (
        SELECT max(day) AS ended, count(*) AS length FROM (
            SELECT day, day - CAST(row_number() OVER (ORDER BY day) AS int) AS island FROM (
                SELECT DISTINCT day FROM s WHERE s.child_id = asked.child_id AND s.c AND s.day <= asked.as_of
            ) AS days
        ) AS islands GROUP BY island
    ) AS lengths
) AS r ON true
"""

_BUCKETS: Final = """
SELECT child_id, CAST(jsonb_agg(jsonb_build_object(
    'label', to_char(starts, {label}), 'from', starts, 'to', ends - 1,
    'seconds', extract(epoch FROM CAST(ends AS timestamp) AT TIME ZONE zone
                                  - CAST(starts AS timestamp) AT TIME ZONE zone),
    'partial', starts < first OR ends - 1 > last, 'ongoing', ends > today,
    'total', total, 'finished', finished, 'completed', completed, 'active_seconds', active_seconds,
    'score_sum', score_sum, 'score_n', completed, 'engagement_sum', engagement_sum,
    'engagement_n', engagement_n, 'accuracy_sum', accuracy_sum, 'accuracy_n', accuracy_n,
    'duration_sum', duration_sum, 'duration_n', duration_n
) ORDER BY starts) AS text) AS doc
FROM (
    SELECT b.child_id, b.zone, b.first, b.last, b.today, CAST(b.bucket AS date) AS starts,
           CAST(b.bucket + {step} AS date) AS ends,
           count(w.id) AS total, count(*) FILTER (WHERE f) AS finished,
           count(*) FILTER (WHERE c) AS completed,
           coalesce(sum(active_seconds) FILTER (WHERE f), 0) AS active_seconds,
           sum(score) FILTER (WHERE c) AS score_sum,
           sum(engagement_score) FILTER (WHERE f) AS engagement_sum,
           count(engagement_score) FILTER (WHERE f) AS engagement_n,
           sum(accuracy_pct) FILTER (WHERE f) AS accuracy_sum,
           count(accuracy_pct) FILTER (WHERE f) AS accuracy_n,
           sum(duration_seconds) FILTER (WHERE c) AS duration_sum,
           count(duration_seconds) FILTER (WHERE c) AS duration_n
    FROM (
        SELECT asked.*, g.bucket FROM asked CROSS JOIN LATERAL generate_series(
            date_trunc({unit}, CAST(asked.first AS timestamp)), CAST(asked.last AS timestamp), {step}
        ) AS g (bucket)
    ) AS b
    LEFT JOIN w ON w.child_id = b.child_id AND date_trunc({unit}, CAST(w.day AS timestamp)) = b.bucket
    GROUP BY b.child_id, b.zone, b.first, b.last, b.today, b.bucket
) AS t GROUP BY child_id
"""
_LABELS: Final[Mapping[BucketUnit, str]] = {
    "day": "'YYYY-MM-DD'",
    "week": """'IYYY-"W"IW'""",
    "month": "'YYYY-MM'",
}

_INPUTS: Final = """
SELECT child_id, CAST(jsonb_agg(to_jsonb(r) ORDER BY {order}, id) AS text) AS doc
FROM {rows} AS r GROUP BY child_id
"""

SECTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "summary": ("w", _SUMMARY.format(rows="w")),
    "before": ("p", _SUMMARY.format(rows="p")),
    "trends": ("w", _GROUPED.format(halves=_RANKED.format(values=_VALUES.format(rows="w")))),
    "compared": (
        "wp",
        _GROUPED.format(
            halves=_BEFORE_AND_NOW.format(before=_VALUES.format(rows="p"), now=_VALUES.format(rows="w"))
        ),
    ),
    "series": ("w", _SERIES),
    "emotions": ("w", _EMOTIONS.format(rows="w")),
    "around": ("a", _EMOTIONS.format(rows="a")),
    "anxiety": ("a", _ANXIETY),
    "activities": ("a", _ACTIVITIES),
    "types": ("w", _TYPES),
    "streaks": ("s", _STREAKS),
    "inputs": ("w", _INPUTS.format(rows="w", order="started_at")),
    "inputs_before": ("p", _INPUTS.format(rows="p", order="started_at")),
    "inputs_around": ("a", _INPUTS.format(rows="a", order="completed_at")),
    "inputs_ever": ("s", _INPUTS.format(rows="s", order="started_at")),
    **{
        f"timeseries_{unit}": (
            "w",
            _BUCKETS.format(label=label, unit=f"'{unit}'", step=f"interval '1 {unit}'"),
        )
        for unit, label in _LABELS.items()
    },
}
"""Name → the tables of `asked` that it reads (a letter each), and its statement."""
