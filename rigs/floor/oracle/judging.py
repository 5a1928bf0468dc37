"""What the agency's people and the word lists say of the words about an incident's nature."""

from collections.abc import Iterable

from rigs.floor.oracle.rules import Raw, fits
from rigs.floor.oracle.words import GUARDED, SENSITIVE, WELFARE, Item, nature, normal, readable, together

LETS = frozenset({"dull", "after_close", "welfare"})
_TYPES = frozenset({"incident_type", "initial_type"})


class Judging:
    """The judgements and the lists of one version of settings."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw
        self._meanings = {code.casefold(): meaning for code, meaning in raw.get("code_list", {}).items()}
        self._entries: dict[tuple[str, str], list[Raw]] = {}
        self._meant: dict[str, list[Raw]] = {}
        for entry in filter(_by_two, raw["judgements"]["entries"]):
            self._entries.setdefault((entry["field"], normal(entry["value"])), []).append(entry)
            if entry["field"] == "incident_type":
                self._meant.setdefault(normal(entry.get("meaning", "")), []).append(entry)
        self.dispositions = any(entry["field"] == "dispositions" for entry in raw["judgements"]["entries"])
        self._known: dict[Item, tuple[frozenset[str], bool]] = {}

    def verdicts(self, item: Item) -> frozenset[str]:
        """Return what two people said of a word; nothing where nobody judged it."""
        return self._of(item)[0]

    def unjudged(self, item: Item) -> bool:
        """Tell whether nobody judged a word that must be judged."""
        return not self.verdicts(item) and (self.dispositions or item.field != "dispositions")

    def sensitive(self, words: Iterable[Item], excused: frozenset[str]) -> bool:
        """Tell whether words are sensitive, one by one or together; `excused` are the codes of overrides."""
        every = [*words]
        read = set[str]()
        for item in every:
            verdicts, with_reason = self._of(item)
            if "sensitive" in verdicts:
                return True
            if item.field == "incident_type" and item.code in excused:
                continue
            if self._listed("sensitive_types", item) or (not with_reason and self._means(item, SENSITIVE)):
                return True
            if not with_reason:
                read |= set(normal(" ".join((item.code, item.text, self._meaning(item)))).split())
        return together(read)

    def never(self, item: Item) -> bool:
        """Tell whether a word is never texted about."""
        return "never" in self.verdicts(item) or self._listed("never_types", item)

    def guarded(self, item: Item) -> bool:
        """Tell whether a word keeps everything back before closing."""
        listed = self._listed("after_close_types", item) or "after_close" in self.verdicts(item)
        return listed or (item.field != "dispositions" and self._means(item, GUARDED))

    def welfare(self, item: Item) -> bool:
        """Tell whether a word is of somebody's welfare: only acknowledgment and delay notice go."""
        said = item.field != "dispositions" and self._means(item, WELFARE)
        return said or "welfare" in self.verdicts(item)

    def _meaning(self, item: Item) -> str:
        return self._meanings.get((item.code or item.text).casefold(), "") if item.field in _TYPES else ""

    def _listed(self, name: str, item: Item) -> bool:
        listed = self._raw.get(name, ())
        return bool(listed) and item.field in _TYPES and any(fits(listed, word) for word in (item.code, item.text))

    def _means(self, item: Item, what: str) -> bool:
        return any(nature(word) == what for word in (item.code, item.text, self._meaning(item)) if word)

    def _of(self, item: Item) -> tuple[frozenset[str], bool]:
        if item not in self._known:
            entries = self._fitting(item)
            if not (readable(item.code) and readable(item.text)):
                entries = [entry for entry in entries if not LETS & set(entry["verdicts"])]
            verdicts = frozenset(verdict for entry in entries for verdict in entry["verdicts"])
            with_reason = bool(entries) and verdicts <= LETS and all(entry.get("reason") for entry in entries)
            self._known[item] = verdicts, with_reason
        return self._known[item]

    def _fitting(self, item: Item) -> list[Raw]:
        if item.field not in _TYPES:
            return self._entries.get((item.field, normal(item.code or item.text)), [])
        value = normal(item.code or item.text)
        said = normal(item.text) if item.code else ""
        meaning = said if said not in ("", value) else normal(self._meaning(item))
        of_code = self._entries.get(("incident_type", value), [])
        fitting = [entry for entry in of_code if not meaning or normal(entry.get("meaning", "")) == meaning]
        if not any(LETS & set(entry["verdicts"]) for entry in of_code):
            fitting = of_code
        return fitting if item.code else [*fitting, *self._meant.get(value, [])]


def _by_two(entry: Raw) -> bool:
    """Tell whether a judgement counts: one that lets a text go has the names of two people."""
    return not LETS & set(entry["verdicts"]) or len({normal(name) for name in entry.get("judged_by", ())}) > 1
