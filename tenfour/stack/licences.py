"""Read the licences of libraries, and write docs/operator/licences.md: `python -m tenfour.stack.licences`.

A package's own words are read as an SPDX expression. A package that says it in prose only is in `TOLD`, after a look
at its licence file.
"""

import importlib.metadata
import re
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

from license_expression import get_spdx_licensing

from tenfour.common.paths import ROOT
from tenfour.stack.vendor import canonical

PAGE = ROOT / "docs" / "operator" / "licences.md"
ZIP, FEED = ROOT / "locked" / "twilio.txt", ROOT / "locked" / "feed.txt"

PERMISSIVE = frozenset({"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0"})
"""Licences that ask for no more than that their text goes along."""

TAKEN = {ZIP: PERMISSIVE | {"MPL-2.0"}, FEED: PERMISSIVE | {"MPL-2.0", "LGPL-2.1-only", "LGPL-3.0-only"}}
"""Licences that an agency can take. MPL and LGPL bind whoever changes such a library, and the feed changes none."""

TOLD = {
    "colorama": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "pymssql": "LGPL-2.1-only",
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
    "segno": "BSD-3-Clause",
}
"""Licences of packages whose metadata leaves open which one of a family it is, or that only Windows installs."""

_WORDS = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_SPDX = get_spdx_licensing()


def licence_of(library: Distribution) -> str:
    """Return a package's licence as an SPDX expression; `NOASSERTION` if it says none that is known."""
    said = library.metadata
    classes = (each.rpartition(" :: ")[2] for each in said.get_all("Classifier") or () if each.startswith("License"))
    for words in (
        TOLD.get(canonical(library.name)),
        *(said.get_all("License-Expression") or ()),
        *(said.get_all("License") or ()),
        *classes,
    ):
        expression = _WORDS.get(words or "", words or "")
        if expression and "\n" not in expression and not _SPDX.validate(expression).errors:
            return expression
    return "NOASSERTION"


def can_take(expression: str, taken: frozenset[str]) -> bool:
    """Tell whether an agency can take an expression: each part of an AND, one of an OR."""
    if expression == "NOASSERTION":
        return False
    parsed = _SPDX.parse(expression)
    for symbol in _SPDX.license_symbols(parsed):
        parsed = parsed.subs({symbol: _SPDX.TRUE if symbol.key in taken else _SPDX.FALSE})
    return bool(parsed.simplify() == _SPDX.TRUE)


def libraries(lock: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, version and licence of what a lock has for any system; in the zip, Chalice's runtime too."""
    pinned = re.findall(r"^([\w-]+)==(\S+)(?: ;.*)? \\$", lock.read_text(), re.MULTILINE)
    if lock == ZIP:
        pinned = sorted([*pinned, ("chalice", importlib.metadata.version("chalice"))])
    for name, version in pinned:
        yield name, version, TOLD.get(name) or licence_of(importlib.metadata.distribution(name))


def page() -> str:
    """Return the page; the same packages give the same page."""
    return (
        "# Licences\n\n<!-- written by python -m tenfour.stack.licences -->\n\n"
        "tenfour itself is under Apache-2.0. A test fails where a package has a licence that an agency can't take.\n\n"
        f"## The zip\n\nWith Twilio; `sbom.cdx.json` beside each zip lists what is really in it.\n\n{_table(ZIP)}\n"
        f"## The feed\n\n{_table(FEED)}"
    )


def _table(lock: Path) -> str:
    rows = "".join(f"| {name} | {version} | {licence} |\n" for name, version, licence in libraries(lock))
    return f"| package | version | licence |\n| --- | --- | --- |\n{rows}"


if __name__ == "__main__":
    PAGE.write_text(page())
