"""XML → elements, safely: no document type, no entities, no depth that could end the process.

Namespaces and prefixes are left out, so that a path is written as one reads the document. Some elements are dropped
while reading: those for names, social security numbers and dates of birth, and those that say that they are nil.
"""

from typing import Any, NoReturn
from xml.etree.ElementTree import Element
from xml.parsers import expat

from chalicelib.inbound.cad.read_updates import Malformed
from chalicelib.inbound.mapping.file import NEVER_SENT

DEEPEST = 100
MOST_ELEMENTS = 200_000
_NIL = {"true", "1"}
_BOM_TWICE = "\ufeff".encode().decode("latin-1").encode()
"""A byte-order mark of UTF-8 that somebody took for Latin-1 and encoded once more."""


def read_xml(body: bytes, encoding: str = "") -> Element:
    """Read a document; return an element above its root. Malformed."""
    reader = _Reader()
    parser = expat.ParserCreate(encoding or None, " ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(body.removeprefix(_BOM_TWICE).lstrip(), True)
    except expat.ExpatError as problem:
        raise Malformed(f"the body is not XML: {problem}") from problem
    except (LookupError, ValueError) as problem:
        if isinstance(problem, Malformed):
            raise
        raise Malformed("the body is not XML in an encoding that is known here") from problem
    return reader.document


class _Reader:
    def __init__(self) -> None:
        self.document = Element("document")
        self._open = [self.document]
        self._silent = [False]
        self._texts: list[str] = []
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > DEEPEST or self._count > MOST_ELEMENTS:
            raise Malformed(f"the body is deeper than {DEEPEST} elements, or has more than {MOST_ELEMENTS:,}")
        self._keep_text()
        local = {_local(name): value for name, value in attributes.items()}
        kept = {name: value for name, value in local.items() if not NEVER_SENT.search(name)}
        element = Element(_local(tag), kept)
        self._open[-1].append(element)
        self._open.append(element)
        silent = self._silent[-1] or element.get("nil") in _NIL or NEVER_SENT.search(element.tag) is not None
        self._silent.append(silent)

    def end(self, _tag: str) -> None:
        self._keep_text()
        self._open.pop()
        self._silent.pop()

    def text(self, text: str) -> None:
        self._texts.append(text)

    def _keep_text(self) -> None:
        """Put what was read last where ElementTree has it: in the open element, or after the last one that it holds."""
        text, self._texts = "".join(self._texts), []
        if self._silent[-1] or not text.strip():
            return
        element = self._open[-1]
        if len(element):
            element[-1].tail = text
        else:
            element.text = text


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse(*_: Any) -> NoReturn:
    raise Malformed("the body has a document type; entities are not read")
