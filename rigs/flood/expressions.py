"""DynamoDB's expressions, as far as our stores use them; what they do not use is refused, never guessed."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

Value = Mapping[str, Any]
"""A value as it travels: `{"S": "text"}` or `{"N": "1"}`."""

Item = Mapping[str, Value]

_TOKEN = re.compile(r"<=|>=|<>|[(),=<>]|[#:]?\w+")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_WORDS = ("SET", "REMOVE", "ADD", "DELETE")


class Unsupported(ValueError):
    """An expression that no store of ours has; the text says which part."""


class Reader:
    """One expression with the names and values that a request gives it."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._names: Mapping[str, str] = request.get("ExpressionAttributeNames", {})
        self._values: Mapping[str, Value] = request.get("ExpressionAttributeValues", {})
        self._tokens: list[str] = []

    def holds(self, expression: str | None, item: Item) -> bool:
        """Tell whether a condition holds of an item; one that is not given always does. Unsupported."""
        if not expression:
            return True
        self._tokens = _TOKEN.findall(expression)
        held = self._any(item)
        if self._tokens:
            raise Unsupported(expression)
        return held

    def updated(self, expression: str, item: Item) -> dict[str, Value]:
        """Return an item as an update leaves it. Unsupported."""
        parts, new, word = _TOKEN.findall(expression), dict(item), ""
        while parts:
            part = parts.pop(0)
            if part in _WORDS:
                word = part
            elif word == "SET" and parts[:1] == ["="]:
                parts.pop(0)
                new[self._names[part]] = self._given(parts, item)
            elif word == "ADD":
                name, more = self._names[part], self._values[parts.pop(0)]
                new[name] = {"N": str(Decimal(new.get(name, {"N": "0"})["N"]) + Decimal(more["N"]))}
            elif word == "REMOVE":
                new.pop(self._names[part], None)
            elif part != ",":
                raise Unsupported(expression)
        return new

    def _given(self, parts: list[str], item: Item) -> Value:
        """Take the value to set: one as it is, or `if_not_exists (name , value)`."""
        if parts[0] != "if_not_exists":
            return self._values[parts.pop(0)]
        _, _, name, _, value, _ = (parts.pop(0) for _ in range(6))
        return item.get(self._names[name], self._values[value])

    def _any(self, item: Item) -> bool:
        held = self._all(item)
        while self._next("OR"):
            held = self._all(item) or held
        return held

    def _all(self, item: Item) -> bool:
        held = self._one(item)
        while self._next("AND"):
            held = self._one(item) and held
        return held

    def _one(self, item: Item) -> bool:
        if self._next("NOT"):
            return not self._one(item)
        if self._next("("):
            held = self._any(item)
            self._expect(")")
            return held
        if self._tokens[1] == "(":
            return self._function(item)
        left, how = self._operand(item), self._tokens.pop(0)
        if how == "BETWEEN":
            low = self._operand(item)
            self._expect("AND")
            return left is not None and low <= left <= self._operand(item)
        if how not in _COMPARE:
            raise Unsupported(how)
        right = self._operand(item)
        return left is not None and right is not None and _COMPARE[how](left, right)

    def _function(self, item: Item) -> bool:
        name = self._tokens.pop(0)
        arguments = list(self._arguments(item))
        if name in ("attribute_exists", "attribute_not_exists"):
            return (arguments[0] is None) is (name == "attribute_not_exists")
        if name == "begins_with":
            return bool(arguments[0] is not None and arguments[0].startswith(arguments[1]))
        raise Unsupported(name)

    def _arguments(self, item: Item) -> Iterator[Any]:
        self._expect("(")
        yield self._operand(item)
        while self._next(","):
            yield self._operand(item)
        self._expect(")")

    def _operand(self, item: Item) -> Any:
        token = self._tokens.pop(0)
        value = self._values[token] if token.startswith(":") else item.get(self._names.get(token, token))
        if value is None:
            return None
        return Decimal(value["N"]) if "N" in value else value.get("S", value)

    def _next(self, token: str) -> bool:
        if self._tokens[:1] != [token]:
            return False
        self._tokens.pop(0)
        return True

    def _expect(self, token: str) -> None:
        if not self._next(token):
            raise Unsupported(f"{token} was expected")
