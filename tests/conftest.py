"""How properties are tested."""

from hypothesis import HealthCheck, settings

# Timed tests lie on shared machines; what counts is found by examples, not by seconds.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")
