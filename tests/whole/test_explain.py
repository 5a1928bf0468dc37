"""A story as an agency's people read it, from a city's own tables."""

import json

from tests.command import tenfour_in_the_city
from tests.whole.people import Caller


def test_a_story_is_read_from_a_running_city_and_whoever_sees_phones_is_logged(stack):
    caller = Caller(stack)

    def explain(number, *options):
        return tenfour_in_the_city("explain", number, *options)

    unknown = explain(caller.number)
    caller.call()
    caller.hears("we have your call")
    masked = explain(caller.number)
    revealed = explain(caller.number, "--reveal", "--reason", "complaint")
    later = json.loads(explain(caller.number, "--json").stdout)

    assert unknown.returncode == 2
    assert (
        unknown.stderr == f"springfield has no incident '{caller.number}', and that is neither a phone nor an email\n"
    )
    assert "type NOISE" in masked.stdout
    assert "we have your call" in masked.stdout
    assert caller.phone not in masked.stdout
    assert caller.phone in revealed.stdout
    assert [item["detail"] for item in later["moments"] if item["what"] == "revealed"] == [
        "user/lead was shown phones, emails and comments: “complaint”"
    ]
