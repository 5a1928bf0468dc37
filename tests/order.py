"""The order of a run: long tests begin early, and tests that share a fixture of their module stay together."""

from itertools import groupby


def in_order(items):
    """Spread long modules evenly over the run: a long test that began last would keep the other workers waiting."""
    long = _modules([item for item in items if item.get_closest_marker("long")])
    rest = _modules([item for item in items if not item.get_closest_marker("long")])
    share = len(rest) // max(len(long), 1) + 1
    spread = [[*one, *rest[place * share : (place + 1) * share]] for place, one in enumerate([[each] for each in long])]
    return [item for part in spread or [rest] for module in part for item in module]


def _modules(items):
    return [list(together) for _, together in groupby(items, key=lambda item: item.path)]
