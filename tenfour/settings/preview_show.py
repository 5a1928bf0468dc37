"""The preview for a terminal of 80 columns."""

from collections.abc import Sequence
from itertools import groupby, takewhile
from typing import Self

from msgspec import Struct
from rich.padding import Padding
from rich.text import Text

from chalicelib.domain.languages import ENGLISH_NAMES
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.lint_types import type_lists
from chalicelib.insight.settings.preview import CHANNELS, Previewed
from chalicelib.insight.settings.samples import LONGEST, SEGMENT_PRICE, dollars
from tenfour.common.screen import Screen


def show(agency: Agency, previewed: Sequence[Previewed], console: Screen) -> None:
    """Print what people would read: the words with real values if there are any, else with usual ones."""
    shown = "real" if any(one.sample == "real" for one in previewed) else "typical"
    for (language, channel), group in groupby(previewed, lambda one: (one.language, one.channel)):
        words = f"{agency.name}: {CHANNELS[channel]} in {ENGLISH_NAMES[language]}"
        console.print(Text(f"\n{words}\n{'─' * min(len(words), console.width)}", style="bold"))
        together = list(group)
        common = _Common.of([one for one in together if one.sample == shown])
        if common.subject:
            console.print(Text("\nsubject of each, and what each ends with", style="bold cyan"))
            _print_words(f"{common.subject}\n\n{common.end}", console)
        for title, samples_of in groupby(together, lambda one: one.title):
            console.print(Text(f"\n{title}", style="bold cyan"))
            _show_one(list(samples_of), shown, common, console)
    console.print(Text(f"\n{_in_all(agency, previewed)}"))


def _show_one(tried: Sequence[Previewed], shown: str, common: "_Common", console: Screen) -> None:
    for one in tried:
        if one.problem:
            console.print(Text(f"  {one.sample}: can't be filled in: {one.problem}", style="red"))
        elif one.channel == "sms":
            console.print(Text(f"  {one.sample}: {one.price}", style="dim"))
    for one in tried:
        if one.sample == shown and not one.problem:
            if one.subject != common.subject:
                _print_words(f"Subject: {one.subject}", console)
            _print_words(one.body.strip().removesuffix(common.end), console)


def _print_words(words: str, console: Screen) -> None:
    console.print(Padding(Text(words.strip()), (0, 2, 0, 4)))


class _Common(Struct, frozen=True):
    """Words that all emails of a language share; they are shown once."""

    subject: str = ""
    end: str = ""

    @classmethod
    def of(cls, emails: Sequence[Previewed]) -> Self:
        subjects = {one.subject for one in emails}
        if len(subjects) != 1 or len(emails) == 1:
            return cls()
        last_lines = zip(*(reversed(one.body.splitlines()) for one in emails), strict=False)
        shared = [lines[0] for lines in takewhile(lambda lines: len(set(lines)) == 1, last_lines)]
        return cls(subjects.pop(), "\n".join(reversed(shared)).strip())


def _in_all(agency: Agency, previewed: Sequence[Previewed]) -> str:
    """Say what a caller costs who gets each kind that the agency's types have."""
    kinds = {kind for _, types in type_lists(agency) for rule in types for kind in rule.notify}
    told = [one for one in previewed if one.channel == "sms" and one.kind in kinds and one.sample == "typical"]
    most = {(one.language, one.kind): 0 for one in told}
    for one in told:
        key = one.language, one.kind
        most[key] = max(most[key], one.segments)
    parts = []
    for language in agency.spoken:
        segments = sum(count for (spoken, _), count in most.items() if spoken == language)
        parts.append(f"{segments} segments, {dollars(segments)} in {ENGLISH_NAMES[language]}")
    return (
        f"A caller who gets one of each: {'; '.join(parts)}, at ${SEGMENT_PRICE} a segment.\n"
        f"Longest: call {LONGEST[0]}, case {LONGEST[1]}, the longest names and numbers of agency and cities."
    )
