"""The forms of the judging of words: one answer for each value, under the value's short name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from chalicelib.domain.desk.session import Session
from chalicelib.domain.ledger.noted import part
from chalicelib.domain.ledger.who import shown_by
from chalicelib.domain.settings.judgements import VERDICTS
from chalicelib.web.desk.choice import choice
from chalicelib.web.desk.noting import acting

if TYPE_CHECKING:
    from chalicelib.domain.approval import Author
    from chalicelib.domain.desk.judging import Draft
    from chalicelib.insight.judging.approve import Decided
    from chalicelib.insight.judging.draft import Given

MOST = 100
"""Answers that one form is read for: a page has 25."""

_VERDICTS, _DECISIONS = (*VERDICTS, "later", ""), ("approve", "return", "later", "")
_VERDICT = re.compile(r"v\.([0-9a-f]{16})")
_COUNT = re.compile("[0-9]{1,9}")


def judge_of(session: Session) -> "Author":
    """Return who judges, as judgements and drafts name them."""
    judge = acting(session)
    return judge if judge.name else replace(judge, name=shown_by(judge.by))


def answers(form: Mapping[str, str]) -> tuple["Given", ...]:
    """Return what a form says of each value; UnknownChoice."""
    from chalicelib.insight.judging.draft import Given

    return tuple(
        Given(
            id=name,
            verdict=choice(form, f"v.{name}", _VERDICTS),
            meaning=_line(form, f"m.{name}"),
            reason=_line(form, f"r.{name}"),
            number=_number(form.get(f"n.{name}", "")),
        )
        for name in _names(form)
    )


def decisions(form: Mapping[str, str]) -> tuple["Decided", ...]:
    """Return what a form decides about each draft; UnknownChoice."""
    from chalicelib.insight.judging.approve import Decided

    return tuple(
        Decided(
            id=name,
            digest=form.get(f"d.{name}", ""),
            verdict=choice(form, f"v.{name}", _DECISIONS),
            reason=_line(form, f"r.{name}"),
        )
        for name in _names(form)
    )


def status_of(trouble: str, refused: Iterable[str]) -> int:
    """Return the HTTP status of a form of answers, by what kept all of it back and by why some were not taken."""
    if trouble:
        return 503
    why = frozenset(refused)
    return 409 if "moved" in why else 422 if why else 200


def about_values(drafts: Iterable["Draft"]) -> str:
    """Return what an entry of the ledger is about: the values, as far as a line holds them."""
    from chalicelib.domain.notifications.judged import words

    named = [words(one.item) for one in drafts]
    many = f"{len(named)} {'value' if len(named) == 1 else 'values'}:"
    return part(many, ", ".join(named))


def _names(form: Mapping[str, str]) -> Iterator[str]:
    found = (match[1] for key in form if (match := _VERDICT.fullmatch(key)))
    yield from (name for name, _ in zip(found, range(MOST), strict=False))


def _line(form: Mapping[str, str], name: str) -> str:
    """Return a line as it was typed, without phones and emails: it is published to all who read the settings."""
    from chalicelib.domain.harmless import as_line
    from chalicelib.domain.ledger.addresses import without

    return as_line(without(form.get(name, "")))[:400]


def _number(text: str) -> int:
    return int(text) if _COUNT.fullmatch(text) else 0
