"""Hold a page to what browsers forgive and people pay for: open tags, ids twice, labels that lead nowhere."""

from collections import Counter
from html.parser import HTMLParser

EMPTY = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
NO_PHRASE_HOLDS = frozenset({"p", "div", "ul", "ol", "table", "form", "section", "h1", "h2", "dl", "fieldset"})
ONLY_PHRASES = frozenset({"p", "h1", "h2", "span", "b", "a", "label", "button"})
POINTING = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


class Page(HTMLParser):
    """A page, read strictly."""

    def __init__(self, source) -> None:
        super().__init__(convert_charrefs=True)
        self.problems, self.open, self.ids, self.pointed, self.tags = [], [], Counter(), set(), Counter()
        self.titles, self.headings, self.fields, self.labels, self.links = [], [], [], set(), []
        self.feed(source)
        self.close()
        self.problems += [f"<{tag}> is never closed" for tag in self.open]
        self.problems += [f"id {name} is there {many} times" for name, many in self.ids.items() if many > 1]
        self.problems += [f"nothing has the id {name}" for name in self.pointed - set(self.ids)]
        self.problems += [f"a field without a label: {field}" for field in self.fields if field not in self.labels]
        if not source.lower().startswith("<!doctype html>") or self.tags["main"] != 1 or self.tags["html"] != 1:
            self.problems.append("not one whole page")

    def handle_starttag(self, tag, given):
        attributes = dict(given)
        self.tags[tag] += 1
        if len(attributes) != len(given):
            self.problems.append(f"<{tag}> has an attribute twice")
        inside = set(self.open) & ONLY_PHRASES
        if tag in NO_PHRASE_HOLDS and inside:
            self.problems.append(f"<{tag}> stands in {inside}")
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        for name in POINTING:
            self.pointed.update((attributes.get(name) or "").split())
        if tag in ("input", "select", "textarea") and attributes.get("type") not in ("hidden", "submit"):
            self.fields.append(attributes.get("id"))
        if tag == "label":
            self.labels.add(attributes.get("for"))
        self.links += [attributes[name] for name in ("href", "action", "src", "formaction") if name in attributes]
        for name in attributes:
            if name.startswith("on") or name == "style":
                self.problems.append(f"<{tag}> has {name}: the policy forbids it")
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] in ("title", "h1"):
            (self.titles if self.open[-1] == "title" else self.headings).append(" ".join(data.split()))


def problems(source):
    """Return what is wrong with a page; it has one heading, and its title begins with that."""
    page = Page(source)
    found = list(page.problems)
    if len(page.headings) != 1 or len(page.titles) != 1 or not page.titles[0].startswith(page.headings[0]):
        found.append(f"title {page.titles}, heading {page.headings}")
    return found
