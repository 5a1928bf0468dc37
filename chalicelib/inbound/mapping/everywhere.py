"""Read a path of JMESPath so that no word is left out: through lists and parts that the path does not name."""

from typing import Any

from jmespath.exceptions import JMESPathTypeError
from jmespath.visitor import Options, TreeInterpreter


class Everywhere(TreeInterpreter):  # type: ignore[misc]
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
        """Return what each item of a list has, or one value as a list."""
        base = self.visit(node["children"][0], value)
        return self._of_each(node, base if isinstance(base, list) else [] if base is None else [base])

    def visit_value_projection(self, node: Any, value: Any) -> Any:
        """Return what each value of an object has, or of each object of a list."""
        base = self.visit(node["children"][0], value)
        items = base if isinstance(base, list) else [] if base is None else [base]
        return self._of_each(node, [part for item in items for part in _values(item)])

    def _of_each(self, node: Any, items: list[Any]) -> list[Any]:
        found = (self.visit(node["children"][1], item) for item in items)
        return [item for item in found if item is not None]

    def visit_function_expression(self, node: Any, value: Any) -> Any:
        """Return what a function makes of its arguments; where `join` or `values` can't, the parts that are there."""
        try:
            return super().visit_function_expression(node, value)
        except JMESPathTypeError:
            if node["value"] not in ("join", "values"):
                raise
        *between, parts = (self.visit(child, value) for child in node["children"])
        there = [part for part in parts if part is not None] if isinstance(parts, list) else [parts]
        texts = all(isinstance(part, str) for part in (*between, *there))
        return between[0].join(there) or None if between and texts else there


EVERYWHERE = Everywhere(Options())
"""One for all paths."""


def _values(item: Any) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else [item]
