"""A draft as a reviewer reads it: against what is published now, in words and in TOML, with what people would read."""

from collections.abc import Collection, Iterator

from msgspec import Struct

from chalicelib.domain.desk.drafts import Draft
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.weaker import signers, weaker
from chalicelib.insight.drafts.write import in_force, text_of
from chalicelib.insight.settings.changes import changes
from chalicelib.insight.settings.check import Checked
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.lines import Line, differing
from chalicelib.insight.settings.lint_types import type_lists
from chalicelib.insight.settings.preview import Previewed, preview
from chalicelib.insight.settings.samples import TYPICAL, values
from chalicelib.insight.settings.written import written
from chalicelib.wiring import Aws

MOST_TEXTS = 60
"""Messages of a review that are shown side by side."""


class Read(Struct, frozen=True, kw_only=True):
    """One message that people would read otherwise: as it is, and as it would be; one of the two may be missing."""

    before: Previewed | None
    after: Previewed | None

    @property
    def shown(self) -> Previewed:
        """Return the one that there is, for its title; of two the one that has a type's own words."""
        return max((one for one in (self.after, self.before) if one), key=lambda one: bool(one.types))


class Look(Struct, frozen=True, kw_only=True):
    """Settings beside what is published: `after` is None where the text can't be used, and `signers` counts people."""

    text: str
    present: Agency
    checked: Checked
    after: Agency | None
    signers: int
    changes: tuple[str, ...]
    ends: tuple[str, ...]
    lines: tuple[Line, ...]
    messages: tuple[Read, ...]


def look(aws: Aws, agency_id: str, draft: Draft) -> Look:
    """Return a draft as it is read beside what is published at this moment; Gone."""
    present, text = in_force(aws, agency_id), text_of(aws, agency_id, draft)
    checked = check_text(text, present)
    return beside(aws, present, text, checked, checked.agency)


def beside(aws: Aws, present: Agency, text: str, checked: Checked, after: Agency | None) -> Look:
    """Return settings, and the text that says the same, as they are read beside what is published."""
    return Look(
        text=text,
        present=present,
        checked=checked,
        after=after,
        signers=signers(present, after) if after else 2,
        changes=changes(present, after) if after else (),
        ends=weaker(present, after) if after else (),
        lines=differing(written(aws, present).text, text),
        messages=read_otherwise(present, after) if after else (),
    )


def read_otherwise(before: Agency, after: Agency) -> tuple[Read, ...]:
    """Return the messages that would read otherwise, in each language, so many at most. All, where a shadow ends."""
    was, now = ({_name(one): one for one in _typical(each)} for each in (before, after))
    goes_live = after.mode == "live" != before.mode
    theirs, ours = _listed(before), _listed(after)
    known = [(_told(was, theirs, name), _told(now, ours, name)) for name in dict.fromkeys((*now, *was))]
    other = [Read(before=old, after=new) for old, new in known if goes_live or _says(old) != _says(new)]
    return tuple(other[:MOST_TEXTS])


def _typical(agency: Agency) -> Iterator[Previewed]:
    yield from preview(agency, {"typical": values(agency, *TYPICAL)})


def _name(one: Previewed) -> tuple[str, ...]:
    return one.language, one.channel, one.kind, one.variant, one.types


def _listed(agency: Agency) -> frozenset[str]:
    """Return the names of the types that settings list."""
    return frozenset(", ".join(rule.codes) for _, types in type_lists(agency) for rule in types)


def _told(known: dict[tuple[str, ...], Previewed], listed: Collection[str], name: tuple[str, ...]) -> Previewed | None:
    """Return what people read; a type without words of its own has those of every type."""
    *text, of = name
    return known.get(name) or (known.get((*text, "")) if of in listed else None)


def _says(one: Previewed | None) -> tuple[str, str] | None:
    return (one.subject, one.body) if one else None
