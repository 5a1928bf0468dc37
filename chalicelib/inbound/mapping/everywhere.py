"""JMESPath through lists and parts that a path does not name: what stands there otherwise than expected is no loss."""

from itertools import chain
from typing import Any

from jmespath.exceptions import JMESPathTypeError
from jmespath.visitor import Options, TreeInterpreter

_LEADS_ON = frozenset({"subexpression", "projection", "filter_projection", "pipe"})
"""Not `*`: the texts beside what it leads to may be anything, such as names."""


class _Everywhere(TreeInterpreter):  # type: ignore[misc]
    """Finds a name in each object of a list, and takes an object for a list of one: JMESPath finds nothing there.

    Its functions leave nothing out because a part is missing or has another type.
    """

    def visit_field(self, node: Any, value: Any) -> Any:
        """Return what an object, or each object of a list, has of a name."""
        if not isinstance(value, list):
            return super().visit_field(node, value)
        found = [self.visit_field(node, item) for item in value]
        return [item for item in found if item is not None] or None

    def visit_flatten(self, node: Any, value: Any) -> Any:
        """Return what a list of lists holds, or one object as a list."""
        flat = super().visit_flatten(node, value)
        if flat is not None:
            return flat
        base = self.visit(node["children"][0], value)
        return None if base is None else [base]

    def visit_projection(self, node: Any, value: Any) -> Any:
        """Return what each thing of a list gives, or the one thing that stands in its place."""
        base = self.visit(node["children"][0], value)
        return None if base is None else self._of_each(node, base if isinstance(base, list) else [base])

    def visit_value_projection(self, node: Any, value: Any) -> Any:
        """Return what each value of an object gives, of each object in a list; a text there is a value by itself."""
        base = self.visit(node["children"][0], value)
        objects = base if isinstance(base, list) else [] if base is None else [base]
        values = [[*each.values()] if isinstance(each, dict) else [each] for each in objects]
        return None if base is None else self._of_each(node, list(chain.from_iterable(values)))

    def _of_each(self, node: Any, things: list[Any]) -> list[Any]:
        found = (self.visit(node["children"][1], each) for each in things)
        return [each for each in found if each is not None]

    def visit_function_expression(self, node: Any, value: Any) -> Any:
        """Return what a function makes of its arguments; where `join` or `values` can't, the parts that are there."""
        if node["value"] == "to_string" and holds_objects(self.visit(node["children"][0], value)):
            return None  # it would be everything in them
        try:
            return super().visit_function_expression(node, value)
        except JMESPathTypeError:
            if node["value"] not in ("join", "values"):
                raise
        *between, parts = (self.visit(child, value) for child in node["children"])
        there = [part for part in parts if part is not None] if isinstance(parts, list) else [parts]
        texts = all(isinstance(part, str) for part in (*between, *there))
        return between[0].join(there) or None if between and texts else there

    def visit_last_field(self, node: Any, value: Any) -> Any:
        """Return what a path's last name leads to; a text that stands where an object was expected is that itself."""
        if isinstance(value, list):
            found = [self.visit_last_field(node, item) for item in value]
            return [item for item in found if item is not None] or None
        return value if isinstance(value, str) and value.strip() else self.visit_field(node, value)


def holds_objects(value: Any) -> bool:
    """Tell whether a value is an object, or a list of some."""
    return isinstance(value, dict) or (isinstance(value, list) and any(map(holds_objects, value)))


def with_last(node: Any) -> Any:
    """Return a path's tree in which its last name is known as such."""
    children = node["children"]
    if node["type"] in _LEADS_ON and children:
        last = children[-1]
        last = {**last, "type": "last_field"} if last["type"] == "field" else with_last(last)
        return {**node, "children": [*children[:-1], last]}
    return node


EVERYWHERE = _Everywhere(Options())
