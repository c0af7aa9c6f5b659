"""Invented stations are plausible, repeatable, and the same whichever day is looked at first."""

from datetime import date, timedelta

import numpy as np
import pytest

from service.core.settings import load_settings
from service.simulators.gartan import GeneratorConfig, Station, View, draw, generate
from service.simulators.gartan.run import Simulation, run_simulator, settings_for
from service.simulators.gartan.states import day_states, hours_booked

MONDAY = date(2026, 3, 2)
CONFIG = GeneratorConfig(stations=3, people=14, appliances=2)


def stations() -> tuple[Station, ...]:
    """Made anew."""
    return generate(CONFIG).stations


def test_the_same_seed_makes_the_same_days_in_any_order() -> None:
    days = [MONDAY + timedelta(days=n) for n in range(9)]
    forth = {day: draw(View(stations()[0], day)) for day in days}
    back = {day: draw(View(stations()[0], day)) for day in reversed(days)}
    assert forth == back
    other = generate(GeneratorConfig(3, 14, 2, seed=8)).stations[0]
    assert [one.name for one in other.crew] != [one.name for one in stations()[0].crew]


def test_nobody_is_there_twice_and_codes_and_brigades_differ() -> None:
    made = stations()
    assert [(one.code, one.brigade_id) for one in made] == [("P22", 101), ("P23", 102), ("P24", 103)]
    assert all(len({member.name for member in one.crew}) == 14 for one in made)
    references = [appliance.ref for one in made for appliance in one.appliances]
    assert len(set(references)) == len(references) == 6


def test_crews_have_all_ranks_and_reasons_and_are_neither_always_nor_never_there() -> None:
    days = [MONDAY + timedelta(days=n) for n in range(90)]
    roles, reasons = set(), set()
    for one in stations():
        roles |= {member.role for member in one.crew}
        states = [day_states(one, day) for day in days]
        reasons |= {reason for state in states for reason in state.reasons}
        there = np.concatenate([state.appliances[0] for state in states]).mean()
        assert 0.2 < there < 0.98, one.code
        share = np.concatenate([state.people == 0 for state in states], axis=1).mean(axis=1)
        assert (share > 0.1).all()
        assert (share < 0.95).all()
    assert roles == {"WC", "CM", "CC", "FFC", "FFD", "FFT", "FF"}
    assert reasons == {None, "O", "W", "F", "S", "SL", "AL", "H", "T", "TR", "C"}


def test_hours_of_a_week_follow_the_contracts() -> None:
    for one in stations():
        contracts = np.array([int(member.contract) for member in one.crew])
        weeks = [hours_booked(one, MONDAY + timedelta(weeks=n)) for n in range(8)]
        assert (np.mean(weeks, axis=0) > 0.5 * contracts).all()


def test_the_settings_that_are_printed_are_settings() -> None:
    plan = Simulation(stations=2).plan()
    gartan = load_settings(dict(settings_for(plan, "http://127.0.0.1:8101", "demo", "demo"))).upstream.gartan
    assert [(one.code, one.brigade_id) for one in gartan.stations] == [("P22", 101), ("P23", 102)]
    assert gartan.username == "demo"


def test_a_zone_that_there_is_not_is_refused_before_serving() -> None:
    with pytest.raises(ValueError, match="Nowhere"):
        run_simulator(Simulation(port=0, zone="Europe/Nowhere"))
