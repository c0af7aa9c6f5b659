"""Flags: the same caller is always on the same side, and sides of different flags are independent."""

from service.core.flags import MASTER, NAMES, FlagRow, Flags, place
from service.core.settings import FlagSettings
from tests.support.flags import changed

CALLERS = [f"key:{number:08x}" for number in range(4000)]


def test_a_callers_place_is_for_ever() -> None:
    # Of another hash, callers would change sides with a release: these four are what it has to give.
    assert [place("response_cache", name) for name in ("key:ab12cd34", "key:00000000", "system", "")] == [
        56, 82, 78, 15,
    ]  # fmt: skip


def test_a_share_is_that_share_of_callers_and_a_larger_one_keeps_them() -> None:
    flags = Flags(FlagSettings())
    had: set[str] = set()
    for share in (10, 50, 90):
        flags.take(changed(warming=share), share)
        have = {name for name in CALLERS if flags.acts("warming", name)}
        assert abs(len(have) / len(CALLERS) - share / 100) < 0.04
        assert had <= have
        had = have


def test_sides_of_two_flags_are_independent() -> None:
    flags = Flags(FlagSettings(response_cache=50, compression=50))
    both = sum(flags.acts("response_cache", one) and flags.acts("compression", one) for one in CALLERS)
    assert abs(both / len(CALLERS) - 0.25) < 0.04


def test_changes_stand_above_settings_and_the_master_above_all() -> None:
    flags = Flags(FlagSettings(compression=20))
    heard: list[int] = []
    flags.listeners.append(lambda: heard.append(flags.share("compression")))
    for rows in ({}, changed(compression=70), changed(compression=70, **{MASTER: 0}), {}):
        flags.take(rows, 1)
    assert heard == [70, 0, 20]
    assert flags.setting("compression") == flags.chosen("compression") == 20
    flags.take(changed(**{MASTER: 0}), 2)
    assert [flags.share(name) for name in NAMES] == [0] * len(NAMES)
    assert flags.chosen("compression") == 20
    assert not any(flags.acts(name, "system") for name in NAMES)


def test_a_row_of_a_flag_that_is_no_more_is_left_alone() -> None:
    flags = Flags(FlagSettings())
    flags.take({"gone": FlagRow(0, "", "system", changed(warming=1)["warming"].changed_at)}, 1)
    assert {flags.share(name) for name in NAMES} == {100}
