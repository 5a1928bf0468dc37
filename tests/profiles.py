"""How hard hypothesis tries: the same few examples in every run of the tests, other ones and more in `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

ASKED = "TENFOUR_FUZZ"
"""The variable that says how many inputs the tests of `tests/fuzz` try, and that every other test tries more."""

CI, FULL = 50, 300
"""Examples of a test that does not say how many it needs."""


def load_profile():
    """Choose the profile; a test's colour must depend neither on luck nor on how fast the machine is."""
    settings.register_profile("full", max_examples=FULL, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("ci", settings.get_profile("full"), max_examples=CI, derandomize=True)
    settings.load_profile("full" if ASKED in os.environ else "ci")
