"""Spec G.4: the words that say on which days a schedule holds."""

import pytest

from service.attendance.files.weekdays import weekdays
from service.reporting.files.findings import BadCell


@pytest.mark.parametrize(
    ("said", "days"),
    [("LXJ", (1, 3, 4)), ("V,S,D", (5, 6, 7)), ("M-V", (2, 3, 4, 5)), ("L-J", (1, 2, 3, 4))],
)
def test_g_o_43_turn_types(said: str, days: tuple[int, ...]) -> None:
    assert weekdays(said) == days


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("L-V", (1, 2, 3, 4, 5)), ("L,M,J", (1, 2, 4)), ("X,J,V", (3, 4, 5)), ("x", (3,)), ("D", (7,)),
        ("Lun-Vie", (1, 2, 3, 4, 5)), ("lunes a viernes", (1, 2, 3, 4, 5)), ("Sáb. y Dom.", (6, 7)),
        ("miércoles", (3,)), ("MAR", (2,)), ("Mon-Fri", (1, 2, 3, 4, 5)), ("Tue, Thu & Sat", (2, 4, 6)),
        ("monday to wednesday", (1, 2, 3)), ("1-5", (1, 2, 3, 4, 5)), ("135", (1, 3, 5)), (135.0, (1, 3, 5)),
        (7, (7,)), ("L – V, D", (1, 2, 3, 4, 5, 7)), ("V-L", (1, 5, 6, 7)), ("L-L", (1,)), ("J,J,L", (1, 4)),
        ("todos", (1, 2, 3, 4, 5, 6, 7)), ("L-M,J-V", (1, 2, 4, 5)), ("L M X", (1, 2, 3)),
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(said: str | float, days: tuple[int, ...]) -> None:
    assert weekdays(said) == days


@pytest.mark.parametrize(
    "said", ["", "-", "L-", "LQ", "0", "8", "1-8", "L-V-D", "weekdays", "Mo-Fx", "L--V", "18"]
)
def test_what_is_no_day_is_refused_not_guessed(said: str) -> None:
    with pytest.raises(BadCell) as refused:
        weekdays(said)
    assert refused.value.code == "bad_weekdays"
