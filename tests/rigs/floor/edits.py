"""Functions that are wrong in one place while a test runs: their code changes where it stands, whoever imported it."""

import gc
import importlib
import inspect
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from functools import _lru_cache_wrapper

from rigs.floor.play import play


@dataclass(frozen=True)
class Edit:
    """One change: in which function, which words of it become which."""

    where: str
    old: str
    new: str


@contextmanager
def edited(*edits):
    """Change functions, and put them back; give those that are changed."""
    before = []
    try:
        for edit in edits:
            function = _function(edit.where)
            before.append((function, function.__code__))
            function.__code__ = _code(function, edit)
        yield [function for function, code in before if function.__code__ != code]
    finally:
        for function, code in reversed(before):
            function.__code__ = code


def first_broken(seeds, *edits):
    """Return the first seed with a violation while these edits are in force, and what is broken; or None."""
    with edited(*edits):
        _forget()
        found = next(((seed, broken) for seed in seeds if (broken := play(seed).broken)), None)
    _forget()
    return found


def _function(where):
    """Return a function by its module and name, without what is wrapped around it."""
    module, _, path = where.partition(":")
    found = importlib.import_module(f"chalicelib.{module}")
    for name in path.split("."):
        found = inspect.getattr_static(found, name)
    found = getattr(found, "fget", found)
    return inspect.unwrap(getattr(found, "func", found))


def _code(function, edit):
    source = textwrap.dedent(inspect.getsource(function))
    changed = source.replace(edit.old, edit.new)
    if source.count(edit.old) != 1:
        raise LookupError(f"{edit.where} has {source.count(edit.old)} times: {edit.old}")
    decorated = changed[: changed.index("def ")]
    scope = {}
    exec(compile(changed.removeprefix(decorated), edit.where, "exec"), function.__globals__, scope)
    return scope[function.__name__].__code__


def _forget():
    """Forget what functions remember: verdicts, words, settings."""
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper):
            each.cache_clear()
