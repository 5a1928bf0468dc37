"""The meanings that phrases may have: the names of the tables in a language's files."""

AT_ONCE = {
    "stop": "stop",
    "stop_phrase": "stop",
    "no_surveys": "no_surveys",
    "start": "start",
    "yes": "yes",
    "help": "help",
    "danger_cry": "danger",
    "danger": "danger",
}
"""Meanings that are known at once in any language, and what such a reply asks for."""

MARKS = {f"{kind}_{mark}": mark for kind in ("number", "mark") for mark in range(1, 6)}
"""Words for a mark from 1 to 5. All of them can be spelled out."""

ANSWERS = {"answer_yes": "yes", "answer_no": "no"}

FAMILIES = frozenset({"sensitive", "guarded"})
"""Meanings whose entries belong to a family."""

OTHERS = frozenset({
    "stop_before", "stop_after", "polite_before", "polite_after", "tell_tale",
    "danger_not",
    "contact", "contact_whole", "contact_not",
    "praise", "praise_denied", "praise_not", "grudge",
    "misconduct", "misconduct_not", "accusation", "accusation_denied", "accusation_kept",
    "counted", "follows", "best", "glad", "sore",
    "level_no", "level_between", "level_much", "level_some", "level_happy", "level_unhappy", "level_none",
    "level_least",
    "refusal", "polite", "polite_answer", "nothing_before", "nothing", "unsure",
    "dull", "harmless", "unhurt_before", "unhurt", "welfare",
})  # fmt: skip

MEANINGS = OTHERS | FAMILIES | AT_ONCE.keys() | MARKS.keys() | ANSWERS.keys()

WORDS = frozenset({"filler", "leads", "denied", "pronouns", "harmless_here", "joined", "whole"})
"""Lists of single words that are compared as they are."""
