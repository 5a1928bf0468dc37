"""A flow begins again where somebody else wrote first."""

import pytest

from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.ports.errors import Busy, Conflict


class Waits:
    """Ports that only keep how long a flow was asked to wait."""

    def __init__(self):
        self.attempts = []

    def back_off(self, attempt):
        self.attempts.append(attempt)


def overtaken(times, tries=10):
    """Return an act that is overtaken so many times, with its ports in the midst of its arguments."""
    left = iter(range(times))

    @again_on_conflict(tries)
    def act(name, ports, suffix=""):
        if next(left, None) is not None:
            raise Conflict
        return name + suffix

    return act


@pytest.mark.parametrize("call", [lambda act, it: act("a", it, "b"), lambda act, it: act("a", suffix="b", ports=it)])
def test_it_acts_again_until_nobody_comes_in_between_and_waits_longer_each_time(call):
    waits = Waits()

    assert call(overtaken(3), waits) == "ab"
    assert waits.attempts == [0, 1, 2]


def test_conflicts_that_do_not_end_are_busy():
    waits = Waits()

    with pytest.raises(Busy):
        overtaken(4, tries=4)("a", waits)
    assert waits.attempts == [0, 1, 2, 3]


def test_another_error_goes_on_at_once():
    waits = Waits()

    @again_on_conflict()
    def act(ports):
        raise LookupError

    with pytest.raises(LookupError):
        act(waits)
    assert waits.attempts == []


def test_a_function_without_ports_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match="has no argument `ports`"):
        again_on_conflict()(lambda aws: aws)
