"""The changes that are tried are changes, each makes a module that can be compiled, and a bad one is noticed."""

import ast

from rigs.mutate.change import Change, changed, changes
from rigs.mutate.command import every_change
from tenfour.common.paths import ROOT

SOURCE = """
MOST = 5

def limited(found, more):
    if found > MOST and not more:
        return min(found, MOST)
    return found + 1 if more else True
"""


def test_each_slip_is_one_change():
    found = changes("x.py", SOURCE)

    assert sorted(change.what for change in found) == sorted(
        [
            "if → if not",
            "and → or",
            "Gt → GtE",
            "not is gone",
            "returns None",
            "min → max",
            "returns None",
            "the two of an if change places",
            "Add → Sub",
            "1 → 2",
            "True → False",
            "5 → 6",
        ]
    )
    written = {ast.unparse(changed(SOURCE, change.place)) for change in found}
    assert len(written) == len(found)
    assert ast.unparse(ast.parse(SOURCE)) not in written


def test_every_change_of_the_domain_can_be_compiled():
    known = every_change()

    assert len(known) > 1500
    assert {"chalicelib/auth.py", "chalicelib/domain/notifications/plan.py"} <= {change.path for change in known}
    for change in known[::50]:
        assert isinstance(change, Change)
        compile(changed((ROOT / change.path).read_text(), change.place), change.path, "exec")
