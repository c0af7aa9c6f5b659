"""Wall clock ↔ UTC against `zoneinfo`, second by second where it matters."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.attendance.rules.columns import NO_TIME
from service.attendance.rules.zones import ZoneTable, site_clock, zone_table
from tests.attendance.rules.strategies import ANCHORS, ZONES

_EPOCH = datetime(1970, 1, 1)
_offsets = st.one_of(
    st.integers(-3 * 86_400, 3 * 86_400),
    st.sampled_from([3600 * hour + second for hour in range(5) for second in (-1, 0, 1, 1799, 1800, 1801)]),
)


def _table(zone: str, moment: datetime) -> ZoneTable:
    day = (moment - _EPOCH).days
    return zone_table(zone, day, day)


@settings(max_examples=500, deadline=None)
@given(zone=st.sampled_from(ZONES), anchor=st.sampled_from(ANCHORS), offset=_offsets)
def test_wall_to_utc_is_zoneinfos(zone: str, anchor: datetime, offset: int) -> None:
    moment = datetime.combine(anchor, datetime.min.time()) + timedelta(seconds=offset)
    wall = np.array([int((moment - _EPOCH).total_seconds())])
    table, info = _table(zone, moment), ZoneInfo(zone)
    instants = [moment.replace(tzinfo=info, fold=fold).timestamp() for fold in (0, 1)]
    assert table.to_utc(wall).tolist() == [instants[0]]
    shown = [datetime.fromtimestamp(instant, info).replace(tzinfo=None) for instant in instants]
    assert table.is_nonexistent(wall).tolist() == [moment not in shown]
    assert table.is_ambiguous(wall).tolist() == [instants[0] != instants[1] and moment in shown]


def test_no_time_stays_no_time() -> None:
    table = zone_table("Europe/London", 20_000, 20_001)
    nothing = np.array([NO_TIME])
    assert table.to_utc(nothing).tolist() == [NO_TIME]
    assert not table.is_ambiguous(nothing).any()
    assert not table.is_nonexistent(nothing).any()


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        zone_table("Mars/Olympus", 0, 1)


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        ("2025-10-26 00:59:59", "01:00:00"),  # 01:59:59 for the first time, an hour before it is over
        ("2025-10-26 00:00:00", "01:00:00"),
        ("2025-10-25 23:59:59", "00:59:59"),
        ("2025-10-26 01:00:00", "01:00:00"),  # 01:00 once more
        ("2025-10-26 01:59:59", "01:59:59"),
        ("2025-10-26 02:00:00", "02:00:00"),
        ("2025-03-30 00:59:59", "00:59:59"),
        ("2025-03-30 01:00:00", "02:00:00"),
    ],
)
def test_a_clock_about_to_be_set_back_stands_at_what_it_will_show_again(instant: str, shown: str) -> None:
    moment = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert f"{site_clock(moment, 'Europe/London'):%H:%M:%S}" == shown
