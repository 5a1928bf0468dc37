"""Judge from the outside which messages must never go: from settings, webhooks' bodies and the carrier's messages.

No rule of tenfour is used here. Which words are sensitive is known from a list written by hand, and the
latest word on a fact is found anew each time.
"""

from collections import Counter
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from chalicelib.domain.names import Kind, NotificationKey
from tests.virtual.floor_stories import GUARDED, NATURE, NUMBERS, SENSITIVE

WHILE_OPEN = {Kind.ACKNOWLEDGMENT, Kind.DISPATCHED, Kind.DELAY}
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SAME = {"duplicate_of", "merged_into"}


def length(text):
    return timedelta(seconds=int(text[:-1]) * _UNITS[text[-1]])


def fits(patterns, word):
    return bool(word) and any(fnmatchcase(word.upper(), pattern.upper()) for pattern in patterns)


class Oracle:
    """Hears what the city hears, and looks at each message as it goes."""

    def __init__(self, raw):
        self.raw = raw
        self.bodies = {number: [] for number in NUMBERS}
        self.opted_out, self.pauses = set(), set()
        self.beating, self.heard_at = True, None
        self.sent = []

    def hear(self, body, rejected):
        self.bodies[body["incident_number"]].append((body, rejected))

    def reply(self, phone, words):
        if words == "STOP":
            self.opted_out.add(phone)
        elif words in ("start", "yes"):
            self.opted_out.discard(phone)

    def judge(self, outgoing, now):
        key = NotificationKey.from_id(outgoing.id)
        problems = [*self.about_incident(key), *self.about_person(key, outgoing.address, now)]
        problems += [*self.about_moment(key, now), *self.about_caps(key, outgoing.address, now)]
        assert not problems, (problems, key, now)
        self.sent.append((now, key, outgoing.address))

    def about_incident(self, key):
        number, facts = key.incident_number, self.facts(key.incident_number)
        family = self.family(number)
        code, items = facts.get("incident_type"), [item for each in family for item in self.evidence(each)]
        closed = facts.get("closed_at") or facts.get("cancelled_at")
        guarded = any(self.guarded(item) for item in items) or facts.get("priority") in self.urgent()
        accepted = {word for item in items if not item.rejected for word in item.types}
        told = [body for each in family for body, _ in self.bodies[each]]
        judged = {each for body in told for each in natures_of(body)}
        bars = {
            "sensitive": self.sensitive(number),
            "not judged": any(not self.verdicts(field, value, text) for field, value, text in judged),
            "judged never": any(self.verdicts(*each) & {"never", "sensitive"} for each in judged),
            "judged after close": any("after_close" in self.verdicts(*each) for each in judged)
            and (key.kind in WHILE_OPEN or not closed),
            "judged welfare": any("welfare" in self.verdicts(*each) for each in judged) and key.kind not in WHILE_OPEN,
            "never": any(fits(self.raw.get("never_types", ()), word) for word in accepted),
            "juvenile": any(body.get("juvenile") for body in told),
            "do not contact": any(body.get("do_not_contact") for body in told),
            "exercise": facts.get("exercise"),
            "officer initiated": facts.get("origin") == "officer_initiated",
            "transferred": facts.get("transferred_to"),
            "duplicate": self.speaks_for(number) != number,
            "no type": not code or self.type_of(number) is None,
            "not live": code and not self.live(key),
            "guarded": guarded and (key.kind in WHILE_OPEN or not closed),
            "welfare": key.kind not in WHILE_OPEN and "WELFARE" in accepted,
            "over": key.kind in WHILE_OPEN and (closed or facts.get("arrived_at")),
            "mass call": len(self.callers(family)) >= self.raw.get("mass_call", 5),
        }
        return [name for name, holds in bars.items() if holds]

    def about_person(self, key, address, now):
        child, _, party_id = ("/" + key.recipient).rpartition("/")
        child = child.strip("/") or key.incident_number
        party = self.parties(child)[party_id]
        addresses = {party.get("phone"), party.get("email")} - {None}
        bars = {
            "not the party's": address not in addresses,
            "witness": party.get("role") == "witness",
            "no person": party.get("contact_kind") not in (None, "personal"),
            "institution": addresses & set(self.raw.get("institutional_numbers", ())),
            "unsafe": addresses & self.unsafe(NUMBERS),
            "opted out": addresses & self.opted_out,
            "silenced": addresses & self.silenced(now),
        }
        return [name for name, holds in bars.items() if holds]

    def about_moment(self, key, now):
        facts = self.facts(key.incident_number)
        local, window = now.astimezone(ZoneInfo(self.raw["time_zone"])).time(), self.window(key.kind)
        patterns = {"type": facts.get("incident_type"), "beat": facts.get("beat")}
        paused = any(
            of == "agency"
            or which in (key.incident_number, key.kind)
            or (of in patterns and fits([which], patterns[of]))
            for of, which in self.pauses
        )
        silent = not self.beating and (self.heard_at is None or now - self.heard_at > timedelta(minutes=5))
        received = facts.get("received_at")
        late = key.kind is Kind.ACKNOWLEDGMENT and now >= datetime.fromisoformat(received) + timedelta(minutes=15)
        bars = {
            "quiet hours": not in_window(local, *window),
            "paused": paused,
            "feed silent": key.kind is Kind.DELAY and silent,
            "stale": late,
        }
        return [name for name, holds in bars.items() if holds]

    def about_caps(self, key, address, now):
        caps, zone = self.raw.get("caps", {}), ZoneInfo(self.raw["time_zone"])
        mine = [(at, known) for at, known, to in self.sent if to == address]
        today = [at for at, _ in mine if at.astimezone(zone).date() == now.astimezone(zone).date()]
        here = [known for _, known in mine if known.incident_number == key.incident_number]
        every = length(caps.get("survey_every", "30d"))
        asked = [at for at, known in mine if known.kind is Kind.SURVEY]
        bars = {
            "cap a day": 0 < caps.get("per_person_and_day", 6) <= len(today),
            "cap an incident": 0 < caps.get("per_incident", 6) <= len(here),
            "asked lately": key.kind is Kind.SURVEY and any(now - at < every for at in asked),
            "twice": any(known == key for _, known, _ in self.sent),
            "same news": any((known.kind, known.ordinal) == (key.kind, key.ordinal) for known in here),
        }
        return [name for name, holds in bars.items() if holds]

    def facts(self, number):
        return self.latest((stamp(body), body) for body, rejected in self.bodies[number] if not rejected)

    def parties(self, number):
        told = {}
        for body, rejected in self.bodies[number]:
            for party in () if rejected else body.get("reporting_parties", ()):
                told.setdefault(party["party_id"], []).append((stamp(body), party))
        return {party_id: self.latest(words) for party_id, words in told.items()}

    def latest(self, words):
        return {name: value for _, values in sorted(words, key=lambda item: item[0]) for name, value in values.items()}

    def named(self, number):
        """Return the other incident that this one is now said to be the same as, or None."""
        link = self.facts(number).get("linked_to")
        return (
            link["incident_number"]
            if link and link["relation"] in _SAME and link["incident_number"] != number
            else None
        )

    def speaks_for(self, number):
        """Return the incident of which the people of this one are told: of a ring, the smallest number."""
        way = [number]
        while (onward := self.named(way[-1])) and onward not in way:
            if all(rejected for _, rejected in self.bodies[onward]):
                break
            way.append(onward)
        return min(way[way.index(onward) :]) if onward in way else way[-1]

    def family(self, number):
        """Return the incident and all that are now duplicates of it, or of one of them, or of what it waits for."""
        found, before = {number}, set()
        if (onward := self.named(number)) and all(rejected for _, rejected in self.bodies[onward]):
            found.add(onward)
        while found != before:
            before = set(found)
            for each in NUMBERS:
                link = self.facts(each).get("linked_to")
                if link and link["relation"] in _SAME and link["incident_number"] in found:
                    found.add(each)
        return found

    def evidence(self, number):
        return [item for body, rejected in self.bodies[number] for item in items_of(body, rejected)]

    def sensitive(self, number):
        excused = self.overridden(number)
        items = [item for each in self.family(number) for item in self.evidence(each)]
        return any(self.sensitive_item(item) for item in items if item.code not in excused)

    def juvenile(self, number):
        return any(body.get("juvenile") for each in self.family(number) for body, _ in self.bodies[each])

    def sensitive_item(self, item):
        listed = self.raw.get("sensitive_types", ())
        return self.means(item, SENSITIVE) or any(fits(listed, word) for word in item.types)

    def guarded(self, item):
        listed = any(fits(self.raw.get("after_close_types", ()), word) for word in item.types)
        return not item.rejected and (listed or self.means(item, GUARDED))

    def means(self, item, nature):
        meanings = [self.raw.get("code_list", {}).get(word) for word in item.types]
        return any(NATURE.get(word) == nature for word in [*item.words, *meanings])

    def verdicts(self, field, value, text):
        """Return the verdicts on one value: a type with its description, or with what the code list says of it."""
        meaning = text or (self.raw.get("code_list", {}).get(value) if field == "incident_type" else None)
        fitting = [
            entry
            for entry in self.raw["judgements"]["entries"]
            if entry["field"] == field and entry["value"] == value and meaning in (None, entry.get("meaning"))
        ]
        described = [
            entry
            for entry in self.raw["judgements"]["entries"]
            if field == "incident_type" and not text and entry.get("meaning") == value
        ]
        return {verdict for entry in [*fitting, *described] for verdict in entry["verdicts"]}

    def city(self, number):
        beat = self.facts(number).get("beat")
        return next((city for city in self.raw.get("cities", ()) if fits(city["beats"], beat)), {})

    def types(self, number):
        return self.city(number).get("incident_types", self.raw["incident_types"])

    def type_of(self, number):
        code = self.facts(number).get("incident_type")
        exact = (rule for rule in self.types(number) if code in rule["codes"])
        return next(exact, None) or next((rule for rule in self.types(number) if fits(rule["codes"], code)), None)

    def overridden(self, number):
        return {code for rule in self.types(number) if rule.get("override_sensitive") for code in rule["codes"]}

    def live(self, key):
        modes = [self.raw["mode"], self.city(key.incident_number).get("mode")]
        modes += [(self.type_of(key.incident_number) or {}).get("mode")]
        return "shadow" not in modes and key.kind not in self.raw.get("shadow_kinds", ())

    def urgent(self):
        return self.raw.get("highest_priorities", ("0", "1", "E", "P0", "P1"))

    def window(self, kind):
        usual = ("00:00:00", "00:00:00") if kind in WHILE_OPEN else ("08:00:00", "20:00:00")
        own = self.raw.get("hours", {}).get(kind)
        return (own["start"], own["end"]) if own else usual

    def callers(self, family):
        parties = [(each, name, party) for each in family for name, party in self.parties(each).items()]
        callers = [item for item in parties if item[2].get("role") in (None, "caller")]
        return {party.get("phone") or party.get("email") or (each, name) for each, name, party in callers}

    def ever_at(self, number, party_id=None):
        """Return every address that a party, or anybody on an incident, ever had."""
        told = [party for body, rejected in self.bodies[number] if not rejected for party in parties_in(body)]
        mine = [party for party in told if party_id in (None, party["party_id"])]
        return {party.get(name) for party in mine for name in ("phone", "email")} - {None}

    def unsafe(self, family):
        said = [(each, party) for each in family for body, _ in self.bodies[each] for party in parties_in(body)]
        people = {(each, party["party_id"]) for each, party in said if party.get("safe_to_contact") is False}
        return {address for each, party_id in people for address in self.ever_at(each, party_id)}

    def silenced(self, now):
        """Return whoever was on a sensitive or juvenile incident within the time that the settings give."""
        found, lasts = set(), length(self.raw.get("silence", "90d"))
        for number in NUMBERS:
            stamps = [stamp(body)[0] for body, rejected in self.bodies[number] if not rejected]
            if stamps and now < max(stamps) + lasts and (self.sensitive(number) or self.juvenile(number)):
                found |= {address for each in self.family(number) for address in self.ever_at(each)}
        return found


class Item:
    """One update's evidence of an incident's nature: codes or words, and which of them are types."""

    def __init__(self, code, words, types, rejected):
        self.code, self.words, self.types, self.rejected = code, words, types, rejected


def items_of(body, rejected):
    told = [body.get(name) for name in ("incident_type", "incident_type_description")]
    yield Item(told[0], told, [word for word in told if word], rejected)
    initial = body.get("initial_type")
    yield Item(None, [initial], [initial] if initial else [], rejected)
    yield Item(None, [body.get("type_modifier"), *(body.get("offenses") or ())], [], rejected)


def natures_of(body):
    """Yield each value that an update has about the nature: its field, the value, and the description of a type."""
    code, text = body.get("incident_type"), body.get("incident_type_description")
    if code or text:
        yield "incident_type", code or text, text if code else None
    if body.get("initial_type"):
        yield "incident_type", body["initial_type"], None
    if body.get("type_modifier"):
        yield "type_modifier", body["type_modifier"], None
    yield from (("offenses", offence, None) for offence in body.get("offenses") or ())


def parties_in(body):
    return body.get("reporting_parties", ())


def stamp(body):
    return datetime.fromisoformat(body["as_of"]), body["update_id"]


def in_window(local, start, end):
    start, end = time.fromisoformat(start), time.fromisoformat(end)
    if start == end:
        return True
    return start <= local < end if start < end else local >= start or local < end


def counted(sent):
    return Counter(key.kind for _, key, _ in sent)
