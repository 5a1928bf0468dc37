"""The desk's page has the table of permissions as the bundles have it."""

import re

from chalicelib.domain.desk.permissions import BUNDLES, GRAVE, Permission, Role
from tenfour.stack.desk_page import ALLOWS, PAGE, page

ROW = re.compile(r"^\| `([a-z_.]+)` \| [^|]+ \| ([^|]+) \| (yes|) ?\|$", re.MULTILINE)


def test_the_page_has_the_table_that_the_bundles_make():
    text = PAGE.read_text()

    assert page(text) == text
    assert page(text.replace("| `ledger.read` |", "| `ledger.write` |")) == text


def test_each_permission_and_each_bundle_stands_in_the_table():
    """Read from the page alone, so that a mistake of what writes it shows."""
    rows = {
        name: (set(re.findall(r"`(\w+)`", roles)), bool(grave)) for name, roles, grave in ROW.findall(PAGE.read_text())
    }
    of_no_role = {Permission.ANYBODY, Permission.SIGNED_IN}

    assert rows.keys() == ALLOWS.keys() == set(Permission) - of_no_role
    for role in Role:
        assert {name for name, (roles, _) in rows.items() if role in roles} == BUNDLES[role]
    assert {name for name, (_, grave) in rows.items() if grave} == GRAVE


def test_every_role_is_explained():
    named = set(re.findall(r"^\| `([a-z]+)` \| [^|]+ \|$", PAGE.read_text(), re.MULTILINE))

    assert named >= set(Role)
