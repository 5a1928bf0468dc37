"""One change on trial: a fork swaps the module while it is imported, and runs the tests until one notices."""

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from rigs.mutate.change import Change, changed
from tenfour.common.paths import ROOT

Verdict = Literal["noticed", "noticed by flows", "never ended", "survived"]

CLOSE = ("tests/domain", "tests/web/test_auth.py")
AUTH = "chalicelib/auth.py"
WIDER = (
    *(
        "tests/flow",
        "tests/inbound",
        "tests/security",
        "tests/fuzz/test_machine.py",
        "tests/insight/lake/test_read_by_somebody.py",
    ),
    *("tests/virtual/test_scenarios.py", "tests/insight/test_explain.py"),
)
MOST_SECONDS = 60
NO_CHANGE = Change("chalicelib/domain/notifications/plan.py", -1, 0, "nothing")
"""Must be noticed by nobody: else the trial is broken, not what is tried."""

_NOTICED, _CLEAN = 1, 0


class _Swapped(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module with a change."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._name = change.path.removesuffix(".py").replace("/", ".")

    def find_spec(self, fullname: str, *_: Any) -> importlib.machinery.ModuleSpec | None:
        """Return the module's spec if it is the one."""
        ours = fullname == self._name
        return importlib.util.spec_from_loader(fullname, self, origin=self._change.path) if ours else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed module."""
        path = ROOT / self._change.path
        module.__file__ = str(path)
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source) if self._change == NO_CHANGE else changed(source, self._change.place)
        code = compile(tree, str(path), "exec")
        exec(code, module.__dict__)  # noqa: S102  it is our own module, but for one slip


class _Quick:
    """Fewer examples, the same each time: what a property needs hundreds for is not what is measured."""

    def pytest_collection_finish(self) -> None:
        """Change the profile after conftest has chosen one."""
        from hypothesis import settings

        settings.register_profile("trial", max_examples=25, deadline=None, derandomize=True, database=None)
        settings.load_profile("trial")


def try_change(change: Change) -> Verdict:
    """Return what the tests say of a change: those of its part of the code first, then those of the flows."""
    for tests, verdict in ((_nearest_first(change), "noticed"), (WIDER, "noticed by flows")):
        ended = _run(change, tests)
        if ended is None:
            return "never ended"
        if ended != _CLEAN:
            return verdict  # type: ignore[return-value]
    return "survived"


def _nearest_first(change: Change) -> Sequence[str]:
    if change.path == AUTH:
        return CLOSE[::-1]
    own = f"tests/domain/test_{Path(change.path).stem}.py"
    return ((own,) if (ROOT / own).exists() else ()) + CLOSE


def _run(change: Change, tests: Sequence[str]) -> int | None:
    """Return how pytest ended in a fork; None where it did not in time."""
    child = os.fork()
    if not child:
        os._exit(_trial(change, tests))
    _, status = os.waitpid(child, 0)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else None


def _trial(change: Change, tests: Sequence[str]) -> int:
    import pytest

    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.chdir(ROOT)
    sys.meta_path.insert(0, _Swapped(change))
    imported = "ignore::pytest.PytestAssertRewriteWarning"  # the libraries are here before pytest is
    options = ["-x", "-q", "-W", imported, "-p", "no:cacheprovider", "-p", "no:xdist"]
    try:
        return _CLEAN if pytest.main([*options, *tests], plugins=[_Quick()]) == 0 else _NOTICED
    except BaseException:  # noqa: BLE001  whatever a change breaks, even pytest: it was noticed
        return _NOTICED
