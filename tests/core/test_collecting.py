"""The collector of cyclic garbage rests while work asks for it, whatever order works end in."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from service.core.collecting import SELDOM, USUAL, collecting_seldom, settle


@pytest.fixture
def frozen_again() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_the_last_work_to_end_has_it_look_as_usual_again() -> None:
    first, second = ExitStack(), ExitStack()
    first.enter_context(collecting_seldom())
    second.enter_context(collecting_seldom())
    assert gc.get_threshold() == SELDOM
    first.close()
    assert gc.get_threshold() == SELDOM
    second.close()
    assert gc.get_threshold() == USUAL


@pytest.mark.usefixtures("frozen_again")
def test_a_start_that_has_settled_does_not_disturb_the_rest_of_later_work() -> None:
    """A command's rest ends with its start and not with the command."""
    with collecting_seldom():
        settle()
        assert gc.get_threshold() == USUAL
        later = ExitStack()
        later.enter_context(collecting_seldom())
    assert gc.get_threshold() == SELDOM
    later.close()
    assert gc.get_threshold() == USUAL
