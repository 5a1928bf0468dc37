"""How much is tried: few examples in every test run, as many as are asked for by `make fuzz`."""

import os

from hypothesis import HealthCheck, settings

from tests.profiles import ASKED

EXAMPLES = int(os.environ.get(ASKED, "60"))

many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
fewer = settings(many, max_examples=max(10, EXAMPLES // 10))
"""For what takes a hundredth of a second and more."""
