"""A pytest plugin for mutmut's runs: it tries fewer examples, and the same each time.

mutmut runs a test again and again in one process, which hypothesis warns of where a property is a class's.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "mutating",
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
