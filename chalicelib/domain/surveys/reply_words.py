"""The words and patterns by which a texted reply to a question is read, in the languages that its writer may use."""

import re
from functools import cache, cached_property

from chalicelib.domain.phrases import found, marks, numbers, read_in, source, whole, words


class ReplyWords:
    """All that is known of some languages; each pattern is compiled when it is first used."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self._languages = languages
        self.numbers = numbers(languages)
        self.marks = marks(languages)
        self.filler = words("filler", languages)
        self.leads = words("leads", languages)
        self.denied = words("denied", languages)
        self.pronouns = words("pronouns", languages)

    @cached_property
    def counted(self) -> re.Pattern[str]:
        """Words behind a number that counts something: "5 officers came" rates nobody."""
        return self._whole("counted")

    @cached_property
    def follows(self) -> re.Pattern[str]:
        """Words that may stand right behind a mark: the rest of a remark, never something counted."""
        return self._whole("follows")

    @cached_property
    def glad(self) -> re.Pattern[str]:
        """Words that contradict a low mark."""
        return self._whole("glad")

    @cached_property
    def sore(self) -> re.Pattern[str]:
        """Words that contradict a high mark."""
        return self._whole("sore")

    @cached_property
    def best(self) -> re.Pattern[str]:
        """Praise or the lowest mark: nobody knows which "number one" is."""
        return found("best", self._languages)

    @cached_property
    def level(self) -> re.Pattern[str]:
        """Phrases like "very satisfied" and "not happy at all"."""
        much, said = self._source("level_much"), self._source
        return re.compile(
            rf"\b(?P<no>(?:{said('level_no')}) )?(?:(?:{said('level_between')}) )*"
            rf"(?:(?P<much>{much})(?: (?:{much}))? |(?P<some>{said('level_some')}) )?"
            rf"(?:(?P<happy>{said('level_happy')})|(?P<unhappy>{said('level_unhappy')}))"
            rf"(?P<none> (?:{said('level_none')}))?\b"
        )

    @cached_property
    def least(self) -> re.Pattern[str]:
        """Words inside such a phrase that make it the lowest mark."""
        return found("level_least", self._languages)

    @cached_property
    def refusal(self) -> re.Pattern[str]:
        """Replies whose writer wants to be asked no more."""
        return re.compile(f"(?:{self._source('refusal')}){self._polite}")

    @cached_property
    def nothing(self) -> re.Pattern[str]:
        """Answers to the open question that have nothing to say."""
        before, nothing = self._source("nothing_before"), self._source("nothing")
        return re.compile(f"(?:(?:{before}) )?(?:{nothing}){self._polite}")

    @cached_property
    def yes(self) -> re.Pattern[str]:
        """Replies that say yes."""
        return self._whole("answer_yes")

    @cached_property
    def no(self) -> re.Pattern[str]:
        """Replies that say no."""
        return self._whole("answer_no")

    @cached_property
    def unsure(self) -> re.Pattern[str]:
        """Replies that begin like a yes or a no, and are neither."""
        return re.compile(rf"(?:{self._source('unsure')})\b.*")

    @cached_property
    def politeness(self) -> re.Pattern[str]:
        """Politeness at the end of an answer."""
        return re.compile(f"(?: (?:{self._source('polite_answer')}))+$")

    @property
    def _polite(self) -> str:
        return f"(?: (?:{self._source('polite')}))*"

    def _source(self, meaning: str) -> str:
        return source(meaning, self._languages)

    def _whole(self, meaning: str) -> re.Pattern[str]:
        return whole(meaning, self._languages)


@cache
def reply_words(language: str | None) -> ReplyWords:
    """Return what is known of the languages that somebody who was asked in one may answer in."""
    return ReplyWords(read_in(language))
