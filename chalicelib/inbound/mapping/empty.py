"""Tell an empty snapshot from a document of another kind: it has the place where records would stand."""

import re
from typing import Any

from chalicelib.inbound.mapping.file import Format, inside
from chalicelib.inbound.mapping.paths import elements

_NAMES = re.compile(r"""(?:\w+|"[^"]+")(?:\.(?:\w+|"[^"]+"))*""")


def place_is_there(path: str, document: Any, kind: Format) -> bool:
    """Tell whether a document that has no record at a path has the place for them.

    Of JSON the last name must be there, whatever it has: null, an empty list or nothing at all. Of XML the element
    around the records must be there. A path with conditions says too little about the place, so any object has it.
    """
    outer, inner = inside(path)
    if inner:
        return any(place_is_there(inner, value, "json") for value in elements(f"{outer} >> @", kind)(document))
    if kind == "xml":
        around = path.rpartition("/")[0].strip("/.") or "*"
        return bool(elements(around, kind)(document))
    bare = path.strip().removesuffix("[]").removesuffix("[*]")
    if not _NAMES.fullmatch(bare):
        return isinstance(document, dict)
    *way, last = (name.strip('"') for name in re.findall(r"""\w+|"[^"]+\"""", bare))
    for name in way:
        document = document.get(name) if isinstance(document, dict) else None
    return isinstance(document, dict) and last in document
