"""Forms on a draft: they change the same text as its TOML editor, a setting at a time, by the same rules of drafts."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlencode

from msgspec import Struct

from chalicelib.domain.desk.drafts import Draft, Refused
from chalicelib.domain.language import Language
from chalicelib.domain.ledger.what import What
from chalicelib.domain.settings.source import as_typed, unseen_line
from chalicelib.ports.errors import Conflict
from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.draft_page import found_draft, status, why
from chalicelib.web.desk.draft_pages import about
from chalicelib.web.desk.noting import acting, noted
from chalicelib.web.desk.page import moved, page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.trouble import trouble
from chalicelib.web.desk.visit import Answer, Visit

if TYPE_CHECKING:
    from chalicelib.insight.settings.check import Checked
    from chalicelib.insight.settings.finding import Found
    from chalicelib.insight.settings.form_fields import Field

_KEPT = ("kind", "of")
"""What a form's page goes on showing once it is saved."""

Data = Mapping[str, Any]
More = Callable[[Visit, str, Data], str]
"""What a page's own buttons and fields do with a draft's text, beside its settings; UnknownChoice."""


def _nothing_besides(_visit: Visit, text: str, _data: Data) -> str:
    return text


class Row(Struct, frozen=True, kw_only=True):
    """One setting on a page: `id` names its input there, and `field` the setting, as a form posts it."""

    id: str
    of: "Field"
    value: str
    fits: bool
    findings: "tuple[Found, ...]"

    @property
    def name(self) -> str:
        """Return the name under which a form posts it."""
        return f"f.{self.of.name}"

    @property
    def language(self) -> str:
        """Return the language of what stands in it: that of its text, else that of settings."""
        return next((str(key) for key in self.of.path if key in get_args(Language)), "en")


class Forms(Struct, frozen=True, kw_only=True):
    """One page of forms: its name, its settings in a text, what else it shows, and what else its form does."""

    name: str
    fields: "Callable[[Visit, Data], Iterable[Field]]"
    more: Callable[[Visit, "Seen"], dict[str, Any]]
    besides: More = _nothing_besides


class Seen(Struct, frozen=True, kw_only=True):
    """A draft's text as a page shows it, each setting of the page by its name, and what the check says."""

    text: str
    data: Data
    rows: Mapping[str, Row]
    checked: "Checked"
    elsewhere: "tuple[Found, ...]"


def shown(visit: Visit, forms: Forms) -> Answer:
    """Show a page of a draft's forms."""
    found = found_draft(visit, visit.asked.query.get("id", ""))
    return trouble(visit, "not_found") if found is None else _page(visit, forms, found)


def changed(visit: Visit, forms: Forms) -> Answer:
    """Save what a form changes, or show how it would be; whatever is refused comes back as it was typed."""
    form = visit.asked.form
    found = found_draft(visit, form.get("id", ""))
    if found is None:
        return trouble(visit, "not_found")
    if str(found.number) != form.get("number", ""):
        return _page(visit, forms, found, visit.say("draft_why.moved"), 409, form)
    from chalicelib.insight.settings.edit import Unwritable
    from chalicelib.insight.settings.finding import field_name

    stored = _text(visit, found)
    try:
        text = _typed_into(visit, forms, stored, _origin(visit, found))
    except Unwritable as problem:
        said = visit.say("forms.unwritable", field=field_name(problem.path))
        return _page(visit, forms, found, said, 422, form)
    except tomllib.TOMLDecodeError:
        return _page(visit, forms, found, "", 422)
    hidden = next((name for name, typed in form.items() if unseen_line(as_typed(typed))), "")
    if hidden:
        said = visit.say("forms.unseen", field=hidden.removeprefix("f."))
        return _page(visit, forms, found, said, 422, form)
    if form.get("act", "") != "save" and not form.get("move", ""):
        return _page(visit, forms, found, visit.say("forms.looked"), text=text)
    if text == stored:
        return _page(visit, forms, found, visit.say("forms.same"))
    return _saved(visit, forms, found, text)


def _saved(visit: Visit, forms: Forms, found: Draft, text: str) -> Answer:
    from chalicelib.insight.drafts import write

    form, who = visit.asked.form, acting(visit.person)
    act = partial(write.save, visit.world, visit.ours.agency_id, found, text, found.comment, who, visit.now)
    try:
        after = noted(visit, What.DRAFTED, about(found.id, "saved"), act)
    except Conflict:
        again = found_draft(visit, found.id) or found
        return _page(visit, forms, again, visit.say("draft_why.moved"), 409, form)
    except Refused as refused:
        return _page(visit, forms, found, why(visit, refused), status(refused), form)
    kept = {name: form[name] for name in _KEPT if form.get(name, "")}
    there = "#order" if form.get("move", "") else ""
    return moved(visit, f"{visit.agency_path('drafts', forms.name)}?{urlencode({'id': after.id, **kept})}{there}")


def _typed_into(visit: Visit, forms: Forms, stored: str, origin: str) -> str:
    """Return a draft's text with what the form's fields say; what says what is there changes nothing. UnknownChoice."""
    from chalicelib.insight.settings.edit import value_at
    from chalicelib.insight.settings.form_fields import given
    from chalicelib.insight.settings.form_fields import shown as as_shown

    data, text, form = tomllib.loads(stored), stored, visit.asked.form
    for one in forms.fields(visit, data):
        name = f"f.{one.name}"
        if one.shape == "choice":
            choice(form, name, ("", *one.offers, as_shown(value_at(data, one.path))))
        if name in form:
            text = given(text, data, one, form[name], origin)
    return forms.besides(visit, text, tomllib.loads(text))


def _origin(visit: Visit, found: Draft) -> str:
    """Return the text of the version that a draft was made from: a form puts back what stood there, as it stood."""
    from chalicelib.insight.settings.written import written

    world, agency_id = visit.world, visit.ours.agency_id
    present = world.settings.latest(agency_id) or visit.ours
    base = present if found.base == present.version else world.settings.version(agency_id, found.base)
    return written(world, base).text if base else ""


def _text(visit: Visit, found: Draft) -> str:
    return visit.world.drafts.text(visit.ours.agency_id, found.text) or ""


def _page(
    visit: Visit,
    forms: Forms,
    found: Draft,
    problem: str = "",
    code: int = 200,
    typed: Mapping[str, str] | None = None,
    text: str | None = None,
) -> Answer:
    """Return the page; `typed` is what a form had that was refused, and `text` a text that is only looked at."""
    seen = _seen(visit, forms, _text(visit, found) if text is None else text, typed or {})
    mine = found.is_editor(acting(visit.person)) and not found.ended
    return page(
        visit,
        f"draft_{forms.name}.html",
        code,
        title=visit.say(f"forms.{forms.name}", comment=found.comment),
        draft=found,
        problem=problem,
        seen=seen,
        mine=mine,
        pauses=standing(visit),
        **{"kind": "", **(forms.more(visit, seen) if seen else {})},
    )


def _seen(visit: Visit, forms: Forms, text: str, typed: Mapping[str, str]) -> Seen | None:
    """Return a text as the page shows it; None for one that is no TOML."""
    from chalicelib.insight.settings.check_text import check_text
    from chalicelib.insight.settings.edit import value_at
    from chalicelib.insight.settings.form_fields import fits
    from chalicelib.insight.settings.form_fields import shown as as_shown

    checked = check_text(text, visit.world.settings.latest(visit.ours.agency_id) or visit.ours)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    fields = list(forms.fields(visit, data))
    rows = {
        one.name: Row(
            id=f"f{place}",
            of=one,
            value=typed.get(f"f.{one.name}", as_shown(value_at(data, one.path))),
            fits=fits(one, value_at(data, one.path)),
            findings=tuple(each for each in checked.found if _stands_at(each.field, one)),
        )
        for place, one in enumerate(fields)
    }
    here = {each for row in rows.values() for each in row.findings}
    elsewhere = tuple(each for each in checked.found if each not in here)
    return Seen(text=text, data=data, rows=rows, checked=checked, elsewhere=elsewhere)


def _stands_at(finding: str, one: "Field") -> bool:
    """Tell whether a finding is of a setting, of a part of it, or of the table for which it stands."""
    return finding in (one.name, one.also or one.name) or finding.startswith((f"{one.name}.", f"{one.name}["))
