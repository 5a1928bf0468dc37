"""Which values of a sample a mapping looked at: the rest is ignored, and the agency should know of it.

Objects that note what they were asked for take the place of the document's own. Elements of XML can't, so theirs are
found by asking the same paths again.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from chalicelib.inbound.mapping.mapper import Mapper
from chalicelib.inbound.mapping.row import Row


class Watched(dict[str, Any]):
    """An object of JSON, or a row, that notes which of its values were asked for."""

    def __init__(self, told: dict[str, Any], path: str, seen: set[str]) -> None:
        super().__init__({name: watched(value, _below(path, name), seen) for name, value in told.items()})
        self._path, self._seen = path, seen

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value, and note it."""
        self._seen.add(_below(self._path, name))
        return super().get(name, default)


Watched.__name__ = "OrderedDict"  # JMESPath's functions know objects by the names of their types


def watched(value: Any, path: str, seen: set[str]) -> Any:
    """Return a document whose objects note what they are asked for."""
    if isinstance(value, Row) and value.reason:
        return value
    if isinstance(value, dict):
        return Watched(value, path, seen)
    if isinstance(value, list):
        return [watched(item, f"{path}[]", seen) for item in value]
    return value


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every value of a document that is no object and no list, again for each that is there."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, _below(path, name))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, f"{path}[]")
    elif value not in (None, ""):
        yield path


def leaves_of_xml(element: Element, mapper: Mapper) -> Iterator[tuple[str, bool]]:
    """Yield the path of every element and attribute that says something, and whether the mapping looks at it."""
    asked = {_bare(path) for path in mapper.mapping.paths}
    yield from _below_element(element, "", asked)


def _below_element(element: Element, path: str, asked: set[str]) -> Iterator[tuple[str, bool]]:
    for child in element:
        here = f"{path}/{child.tag}" if path else child.tag
        for name in child.attrib.keys() - {"nil", "schemaLocation"}:
            yield f"{here}/@{name}", _asked(f"{here}/@{name}", asked)
        if child.text and not len(child):
            yield here, _asked(here, asked)
        yield from _below_element(child, here, asked)


def _asked(path: str, asked: set[str]) -> bool:
    return any(path == known or path.endswith(f"/{known}") for known in asked)


def _bare(path: str) -> str:
    """Return a path without conditions and without what leads to any depth."""
    bare, depth = "", 0
    for letter in path:
        depth += (letter == "[") - (letter == "]")
        bare += letter if not depth and letter != "]" else ""
    return bare.removeprefix(".").lstrip("/").removesuffix("/text()")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
