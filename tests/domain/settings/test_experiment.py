"""Arms of an experiment: fair whatever it is called, and the same for ever."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.settings.experiment import Arm, Experiment, arm

KEYS = [NotificationKey("springfield", f"P26-{number:07}", Kind.SURVEY, "1") for number in range(1200)]


@settings(max_examples=25)
@given(st.from_regex(r"[a-z0-9][a-z0-9-]{0,31}", fullmatch=True), st.integers(2, 6))
def test_each_arm_gets_its_share_whatever_the_experiment_is_called(name, arms):
    experiment = Experiment(name=name, hour=tuple(range(9, 9 + arms)))
    drawn = Counter(arm(experiment, key).hour for key in KEYS)

    fair = len(KEYS) / arms
    assert len(drawn) == arms
    assert all(abs(count - fair) < 6 * fair**0.5 for count in drawn.values())


def test_an_arm_stays_what_it_was_in_every_later_version():
    experiment = Experiment(name="doors", door=("link", "reply"), wording=("a", "b"), hour=(10, 17))

    assert arm(experiment, KEYS[7]) == STANDS


STANDS = Arm(experiment="doors", door="link", wording="b", hour=10)
