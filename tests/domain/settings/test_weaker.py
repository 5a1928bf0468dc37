"""What a publisher is told before other settings are in force."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.duration import Duration
from chalicelib.domain.settings.incident_types import AcknowledgmentRules, Retention
from chalicelib.domain.settings.weaker import weaker
from tests.factories import agency

LIVE = agency(
    sensitive_types=frozenset({"SPECIAL"}),
    never_types=frozenset({"VIP"}),
    institutional_numbers=frozenset({"+13035550142"}),
)
SHADOW = replace(LIVE, mode="shadow")
ENDS = {
    "shadow ends: people": (SHADOW, LIVE),
    "silence gets shorter": (LIVE, replace(LIVE, silence=Duration(0))),
    "acknowledgment.hold gets shorter": (LIVE, replace(LIVE, acknowledgment=AcknowledgmentRules(hold=Duration(0)))),
    "retention.incidents gets shorter": (LIVE, replace(LIVE, retention=Retention(incidents=Duration(days=100)))),
    "sensitive_types no longer has SPECIAL": (LIVE, replace(LIVE, sensitive_types=frozenset())),
    "never_types no longer has VIP": (LIVE, replace(LIVE, never_types=frozenset())),
    "institutional_numbers no longer": (LIVE, replace(LIVE, institutional_numbers=frozenset())),
    "override_sensitive lets": (
        LIVE,
        replace(LIVE, incident_types=tuple(replace(one, override_sensitive=True) for one in LIVE.incident_types)),
    ),
}


@pytest.mark.parametrize(("said", "settings"), ENDS.items(), ids=ENDS)
def test_what_ends_is_said_and_the_way_back_ends_nothing(said, settings):
    before, after = settings

    (line,) = weaker(before, after)
    assert line.startswith(said)
    assert weaker(after, before) == ()


def test_the_first_settings_end_nothing_but_that_nobody_is_texted():
    assert weaker(None, SHADOW) == ()
    assert len(weaker(None, LIVE)) == 1
    assert weaker(LIVE, LIVE) == ()
