"""The documents list exactly what exists."""

import re

import pytest
from typer.main import get_command

from tenfour.common.paths import ROOT
from tenfour.main import cli
from tenfour.rigs import rigs
from tenfour.stack.template import merged

TEMPLATE = merged()["Resources"]
DOCS = sorted(str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md"))


def commands(group, *path):
    """Yield every command as it is typed."""
    for name, command in getattr(group, "commands", {}).items():
        yield (*path, name)
        yield from commands(command, *path, name)


def test_the_runbook_has_each_alarm_and_says_what_to_do():
    page = (ROOT / "docs" / "operator" / "runbook.md").read_text()
    section = page[page.index("\n## Alarms\n") : page.index("\n## What has no alarm")]
    told = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", section, re.MULTILINE | re.DOTALL))
    alarms = {name for name, each in TEMPLATE.items() if each.get("Type") == "AWS::CloudWatch::Alarm"}

    assert {f"{name}Alarm" for name in told} == alarms
    assert [name for name, words in told.items() if not ("**Means.**" in words and "**Do.**" in words)] == []


@pytest.mark.parametrize("page", DOCS)
def test_a_page_names_only_commands_that_exist(page):
    known = {" ".join(path) for path in commands(get_command(cli))} | rigs().keys()
    text = (ROOT / "docs" / page).read_text()
    named = re.findall(r"(?:^ +|`|bin/)tenfour ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", text, re.MULTILINE)

    assert {words for words in named if not ({words, words.split()[0]} & known)} == set()


@pytest.mark.parametrize("page", DOCS)
def test_a_page_leads_only_to_pages_that_exist(page):
    text = (ROOT / "docs" / page).read_text()
    links = re.findall(r"\]\(([^)#:]+?)(?:#[\w-]+)?\)", text)

    assert [link for link in links if not (ROOT / "docs" / page).parent.joinpath(link).exists()] == []


def anchors(page):
    """Return the places of a page that a link can lead to, as GitHub names headings."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", DOCS)
def test_a_link_to_a_place_on_a_page_leads_to_a_heading_that_is_there(page):
    path = ROOT / "docs" / page
    links = re.findall(r"\]\(([^)#:]*)#([\w-]+)\)", path.read_text())
    targets = [(path.parent.joinpath(to) if to else path, place) for to, place in links]

    assert [(to.name, place) for to, place in targets if to.suffix == ".md" and place not in anchors(to)] == []


def test_every_command_is_on_some_page():
    makefile = (ROOT / "Makefile").read_text()
    pages = "\n".join((ROOT / "docs" / page).read_text() for page in DOCS) + (ROOT / "README.md").read_text() + makefile
    groups = {path[0] for path in commands(get_command(cli)) if len(path) > 1}

    missing = {path for path in commands(get_command(cli)) if path[0] not in groups or len(path) > 1}
    typed = {" ".join(path) for path in missing if f"\n{path[0]}: " not in makefile}
    assert {words for words in typed if f"tenfour {words}" not in pages} == set()


@pytest.mark.parametrize("name", rigs())
def test_a_developers_page_has_each_rig(name):
    pages = "\n".join(path.read_text() for path in (ROOT / "docs" / "developer").rglob("*.md"))

    assert f"`make {name}`" in pages
    assert f"tenfour {name}" in pages
