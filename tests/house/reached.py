"""What a function's code reaches: the names that it and the functions behind it use, read from the sources.

Nothing is run. A name is followed through the imports of its module into `tenfour` and `chalicelib.insight`.
"""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FOLLOWED = ("tenfour.", "chalicelib.insight.")


def names_reached(module, function):
    """Return each name that code behind a function uses; `What.PAUSED` is one."""
    names, seen, waiting = set(), set(), [(module, function)]
    while waiting:
        place = waiting.pop()
        body = _bodies(place[0]).get(place[1]) if place not in seen else None
        seen.add(place)
        if body is None:
            continue
        used = set(_used(body))
        names |= used
        waiting += [_leads(place[0], name) for name in used]
    return names


def _used(body):
    for node in ast.walk(body):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def _leads(module, name):
    """Return the module and the function that a name of a module leads to."""
    head, _, tail = name.partition(".")
    imported = _imports(module).get(head)
    if imported is None:
        return module, name
    source, original = imported
    return (f"{source}.{original}", tail) if tail else (source, original)


@cache
def _tree(module):
    if not module.startswith(FOLLOWED):
        return None
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:
        return None
    return ast.parse(Path(spec.origin).read_text()) if spec and spec.origin else None


@cache
def _bodies(module):
    tree = _tree(module)
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name: node for node in tree.body if isinstance(node, kinds)} if tree else {}


@cache
def _imports(module):
    tree = _tree(module)
    return {
        each.asname or each.name: (node.module, each.name)
        for node in (ast.walk(tree) if tree else ())
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }
