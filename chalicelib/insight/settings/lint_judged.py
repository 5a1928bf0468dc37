"""The judged vocabulary: whether there is one, who judged it, and what it says against the word lists and the types."""

from collections.abc import Iterator

from chalicelib.domain.incidents.update import Evidence
from chalicelib.domain.notifications import judged
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.incident_types import is_pattern
from chalicelib.domain.settings.judgements import Judgement
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.judge import is_example, is_fiction, unfounded
from chalicelib.insight.settings.lint_types import type_lists

_PATH = ("judgements",)
_HINT = "tenfour settings judge shows what your dispatch uses, and two people judge it"
_MANY = 1_000


def lint_judged(agency: Agency) -> Iterator[Finding]:
    """Yield what is wrong with the judgements, or may not be meant."""
    entries, live = agency.judgements.entries, agency.mode == "live"
    if not entries:
        told = "nobody has judged any word that dispatch uses: nothing would ever be sent"
        yield (error if live else warning)(_PATH, told, _HINT)
        return
    if not is_fiction(agency) and any(map(is_example, entries)):
        told = "these are the judgements of an example: nobody of your agency has judged them"
        yield (error if live else warning)(_PATH, told, _HINT)
    for entry in entries:
        yield from _against_the_lists(entry, agency)
    yield from _free_text(agency)
    yield from _unjudged_types(agency)


def _against_the_lists(entry: Judgement, agency: Agency) -> Iterator[Finding]:
    """Yield values that were let go although the word lists know them as sensitive."""
    word = unfounded(entry, agency)
    if word:
        yield error(
            _PATH,
            f"{entry.field} {entry.name} is judged {_verdicts(entry)}, and {word!r} is known as sensitive",
            "judge it sensitive; or both judges agree, and write their reason",
        )
    elif entry.reason and entry.lets:
        names = " and ".join(entry.judged_by)
        yield warning(_PATH, f"{entry.name} is {_verdicts(entry)} by the word of {names}: {entry.reason}")


def _free_text(agency: Agency) -> Iterator[Finding]:
    for field in sorted({entry.field for entry in agency.judgements.entries}):
        many = sum(entry.field == field for entry in agency.judgements.entries)
        if many > _MANY:
            yield warning(
                _PATH,
                f"{field} has {many} values: free text can't be judged by a list",
                "leave the field out of the mapping; else each new value makes its call silent",
            )


def _unjudged_types(agency: Agency) -> Iterator[Finding]:
    """Yield codes that are allowed and that nobody has judged."""
    for path, types in type_lists(agency):
        for place, rule in enumerate(types):
            for number, code in enumerate(rule.codes):
                item = Evidence("incident_type", code=code)
                if not is_pattern(code) and not judged.verdicts(item, agency):
                    yield warning(
                        (*path, place, "codes", number), f"nobody has judged {code}: its calls stay silent", _HINT
                    )


def _verdicts(entry: Judgement) -> str:
    return " and ".join(sorted(entry.verdicts))
