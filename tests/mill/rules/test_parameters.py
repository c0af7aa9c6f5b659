"""A parameter set takes what the spec's table says, and refuses the rest in a sentence."""

import json
from decimal import Decimal
from typing import Any

import pytest

from service.mill.rules.parameters import DEFAULTS, BadParameters, Parameters, described

STATED = (
    "risk_balance_levels", "urgency_days", "criticality_weights", "criticality_levels", "weekly_demand_source",
    "weeks_horizon", "past_due_policy", "weekly_shortage_level", "rate_day_hours", "min_batch_lb", "fabric_waste",
    "yarn_shrinkage", "bom_sum_tolerance", "service_z", "lead_defaults", "lead_sigma", "moq_lb", "lot_multiple_lb",
    "order_cost", "holding_rate", "default_rate_lb_day", "setup_hours", "utilisation_warning",
    "utilisation_critical", "over_ship_pct", "damper_days", "damper_lb", "cache_ttl",
)  # fmt: skip


@pytest.mark.parametrize("name", STATED)
def test_every_name_of_the_spec_is_there(name: str) -> None:
    assert name in DEFAULTS.as_values()


def test_a_set_survives_json() -> None:
    values = {"lead_defaults": {"domestic": 10}, "moq_lb": "250.5", "weekly_shortage_level": "safety_stock"}
    made = Parameters.from_values(values)
    assert (made.moq_lb, made.lead_defaults.domestic, made.lead_defaults.unknown) == (
        Decimal("250.5"),
        10,
        21,
    )
    assert Parameters.from_values(json.loads(json.dumps(made.as_values()))) == made
    assert list(made.changed()) == ["weekly_shortage_level", "lead_defaults", "moq_lb"]
    assert DEFAULTS.changed() == {}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"moq": 1}, "There is no parameter moq; near it: moq_lb."),
        ({"moq_lb": "many"}, "moq_lb: "),
        ({"moq_lb": -1}, "moq_lb: input should be greater than or equal to 0, not -1."),
        ({"moq_lb": float("nan")}, "moq_lb: input should be a finite number"),
        ({"damper_days": True}, "damper_days: "),
        ({"past_due_policy": "later"}, "past_due_policy: "),
        ({"past_due_policy": "offset:"}, "past_due_policy: "),
        (
            {"urgency_days": [7, 7, 45]},
            "urgency_days: each level must be above the one before, not [7, 7, 45].",
        ),
        ({"criticality_levels": [30, 50, 70]}, "each level must be below the one before"),
        ({"stage_order": ["F01", "F01"]}, "a stage stands there twice"),
        ({"lead_defaults": {"lunar": 3}}, "There is no parameter lead_defaults.lunar"),
    ],
)
def test_what_is_no_set_is_refused_in_a_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadParameters) as refused:
        Parameters.from_values(values)
    assert sentence in str(refused.value)


def test_each_parameter_tells_its_origin() -> None:
    properties = described()["properties"]
    assert [name for name, one in properties.items() if "(" not in one.get("description", "")] == []


def test_the_defaults_are_those_of_the_spec() -> None:
    values = DEFAULTS.as_values()
    stated = {
        "risk_balance_levels": ["-1000", "-100", "0"], "urgency_days": [7, 21, 45], "criticality_levels": [70, 50, 30],
        "weeks_horizon": 9, "forecast_weeks": 13, "past_due_policy": "exclude", "weekly_shortage_level": "0",
        "rate_day_hours": "24", "min_batch_lb": "100", "fabric_waste": "0.03", "yarn_shrinkage": "0.02",
        "bom_sum_tolerance": ["0.001", "0.02"], "service_z": "2.05", "moq_lb": "100", "lot_multiple_lb": "50",
        "lead_defaults": {"domestic": 14, "international": 35, "unknown": 21, "express": 3},
        "lead_sigma": {"domestic": 3, "international": 10, "unknown": 5}, "order_cost": "75", "holding_rate": "0.25",
        "default_rate_lb_day": "616", "setup_hours": "1", "setup_hours_same_style": "0", "over_ship_pct": "5",
        "utilisation_warning": "0.85", "utilisation_critical": "0.95", "damper_days": 7, "damper_lb": "1",
    }  # fmt: skip
    assert {name: values[name] for name in stated} == stated
