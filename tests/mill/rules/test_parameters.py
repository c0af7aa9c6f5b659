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
