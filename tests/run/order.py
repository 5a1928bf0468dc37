"""The order of a run: modules one by one, and those that wait for a running city spread evenly among the others."""

from itertools import groupby


def in_order(items):
    """Let long modules begin early and not together: one that began last would keep the other workers waiting."""
    modules = [list(together) for _, together in groupby(items, key=lambda item: item.path)]
    long = [module for module in modules if _is_long(module)]
    rest = [module for module in modules if not _is_long(module)]
    share = len(rest) // max(len(long), 1) + 1
    for place, module in enumerate(long):
        yield from module
        for other in rest[place * share : (place + 1) * share]:
            yield from other
    for other in rest[len(long) * share :]:
        yield from other


def _is_long(module):
    return "whole" in module[0].path.parts or any(item.get_closest_marker("long") for item in module)
