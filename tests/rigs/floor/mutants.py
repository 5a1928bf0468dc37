"""Ways in which tenfour could be wrong, one rule each: what the oracle must find."""

from dataclasses import dataclass

from tests.rigs.floor.edits import Edit


@dataclass(frozen=True)
class Mutant:
    """One broken rule, in words, and the edits that break it."""

    name: str
    edits: tuple[Edit, ...]


def mutant(name, *edits):
    return Mutant(name, tuple(Edit(*edits[place : place + 3]) for place in range(0, len(edits), 3)))


PLAN, SAFETY, JUDGED = "domain.notifications.plan", "domain.notifications.safety", "domain.notifications.judged"
PERMIT, TIMING = "domain.notifications.permit", "domain.notifications.timing"
RECIPIENTS, SILENCE = "domain.notifications.recipients", "domain.notifications.silence"
INCIDENT, MERGE = "domain.incidents.incident", "domain.incidents.merge"
JUDGEMENTS, AGENCY = "domain.settings.judgements", "domain.settings.agency"
MEMORY = "virtual.people:MemoryContacts"

NATURE = (
    mutant("texts about a sensitive incident", f"{PLAN}:incident_bar", "if sensitive:", "if False:"),
    mutant("texts about what nobody judged", f"{PLAN}:incident_bar", "if unjudged else", "if False else"),
    mutant("is content with one judge", f"{JUDGEMENTS}:Judgement._problems", "< JUDGES", "< 1"),
    mutant(
        "takes one judge's name twice",
        f"{JUDGEMENTS}:Judgement.judges",
        "people(self.judged_by)",
        "frozenset(self.judged_by)",
    ),
    mutant(
        "lets a pattern judge a type",
        f"{JUDGED}:verdicts",
        "return agency.judgements.of(item, listed_meaning(item, agency))",
        "return agency.judgements.of(item, listed_meaning(item, agency)) or frozenset("
        "{'dull'} if item.field == 'incident_type' and agency.type_of(item.code) else ())",
    ),
    mutant(
        "judges a code whatever it means",
        f"{JUDGEMENTS}:Judgements._of_type",
        "if not meaning or normal(entry.meaning) == meaning",
        "",
    ),
    mutant("judges what nobody can read", f"{JUDGEMENTS}:Judgements._entries", "if can_be_read or not entry.lets", ""),
    mutant("compares letters with their accents and signs", "domain.text:normal", "bare = _bare(text)", "bare = text"),
    mutant("forgets a verdict of sensitive", f"{SAFETY}:sensitive_because", "if listed and item", "if False and item"),
    mutant("forgets a verdict of never", f"{SAFETY}:never", 'or judged.judged_as("never", incident, agency)', ""),
    mutant("forgets the list of never", f"{SAFETY}:is_never", "return _fits", "return False and _fits"),
    mutant(
        "forgets a verdict of after_close",
        f"{SAFETY}:guarded",
        'listed or judged.judged_as("after_close", incident, agency) is not None',
        "listed",
    ),
    mutant(
        "forgets a verdict of welfare",
        f"{SAFETY}:welfare",
        'judged.judged_as("welfare", incident, agency) is not None',
        "False",
    ),
    mutant(
        "forgets the second wall",
        f"{SAFETY}:_caught",
        "return told or (finding.words if finding else None), sets",
        "return None, sets",
    ),
    mutant(
        "asks for no reason against the word lists", f"{JUDGEMENTS}:_found", "entry.lets and entry.reason", "entry.lets"
    ),
    mutant(
        "lets a reason excuse from the agency's own list",
        f"{SAFETY}:sensitive_because",
        "(word if _is_listed(item, agency) else None)",
        "None",
    ),
    mutant("reads each field for itself", f"{SAFETY}:sensitive_because", "if len(spoken) > 1", "if False"),
    mutant(
        "lets an override excuse every field",
        f"{SAFETY}:sensitive_because",
        'item.field == "incident_type" and item.code in agency.overridden_types',
        "agency.overridden_types",
    ),
    mutant(
        "forgets words that were taken back",
        f"{INCIDENT}:Incident.merge",
        "evidence=self.evidence | update.evidence",
        "evidence=update.evidence or self.evidence",
    ),
    mutant("reads no dispositions", f"{INCIDENT}:Incident.judged_words", "if self.first_told", "if False"),
    mutant(
        "keeps a duplicate's words to itself",
        f"{INCIDENT}:Incident.adopt",
        "evidence=self.evidence | child.judged_words",
        "evidence=self.evidence",
    ),
    mutant("forgets the highest priorities", f"{SAFETY}:guarded", "urgent or listed", "listed"),
    mutant("tells of a juvenile's incident", f"{PLAN}:incident_bar", "incident.holds(Latch.JUVENILE)", "False"),
    mutant("tells where dispatch said not to", f"{PLAN}:incident_bar", "incident.holds(Latch.DO_NOT_CONTACT)", "False"),
    mutant("tells of a drill", f"{PLAN}:incident_bar", "bool(facts.exercise)", "False"),
    mutant(
        "reads a city's beats as the county's",
        f"{AGENCY}:Agency.at",
        "if beat and matches(city.beats, beat)",
        "if False",
    ),
)

SILENCES = (
    mutant("silences nobody", f"{SILENCE}:silence_of", "if begun and addresses", "if False"),
    mutant(
        "lets a juvenile's incident silence nobody",
        f"{SILENCE}:begins_silence",
        "or incident.holds(Latch.JUVENILE)",
        "",
    ),
    mutant(
        "counts the silence from the other clock",
        f"{SILENCE}:silence_of",
        "max(incident.as_of or now, now)",
        "min(update.as_of for update in updates) if updates else now",
    ),
    mutant(
        "lets too many words end a silence",
        f"{SILENCE}:begins_silence",
        "if incident.silences or",
        "if incident.overfull: return False\n    if incident.silences or",
        "flow.incidents.decide:decide_anew",
        "begun else lifted.silenced",
        "begun else incident.all_addresses",
    ),
    mutant(
        "lets other settings end a silence",
        f"{SILENCE}:begins_silence",
        "incident.silences or",
        "",
        "flow.incidents.decide:decide_anew",
        "begun else lifted.silenced",
        "begun else incident.all_addresses",
    ),
    mutant(
        "silences for an hour at most",
        f"{SILENCE}:silence_of",
        "since + agency.silence",
        "since + min(agency.silence, type(agency.silence)(seconds=3600))",
    ),
    mutant(
        "silences only who is on it now",
        f"{INCIDENT}:Incident.merge",
        "addresses=self.addresses | update.addresses",
        "addresses=update.addresses or self.addresses",
    ),
    mutant(
        "silences no duplicate's people",
        f"{INCIDENT}:Incident.all_addresses",
        "self.addresses.union(*(party.ever_at for party in people(self.followers).values()))",
        "self.addresses",
    ),
    mutant(
        "silences no number with an extension", "inbound.cad.read_updates:_beside", "return found", "return frozenset()"
    ),
    mutant(
        "tells a silenced person by email",
        f"{RECIPIENTS}:_known_at",
        "party.addresses | party.ever_at if readable_only else party.addresses",
        "party.addresses",
    ),
    mutant(
        "lets what nobody judged silence people",
        f"{SILENCE}:begins_silence",
        "if sensitive_because(incident, agency):",
        "if sensitive_because(incident, agency) or not all(map(agency.judgements.of, incident.evidence)):",
    ),
    mutant(
        "ends no silence by a release",
        "flow.incidents.release:lifted_by",
        'if what in ("sensitive", "juvenile")',
        "if False",
    ),
    mutant(
        "releases what is said later too",
        f"{SAFETY}:sensitive_because",
        "released = incident.released_words",
        "released = incident.judged_words if incident.releases else frozenset()",
    ),
    mutant("lets a word go and come back", "domain.incidents.release:Release._again", "if item not in said", "if True"),
    mutant(
        "ends another incident's silence by a release",
        f"{MEMORY}.keep_silent",
        "[number] = change.at",
        "[number] = change.at; self._silences[self._who(agency_id, address)].clear()",
    ),
    mutant(
        "takes unsafe as of the incident",
        f"{SILENCE}:unsafe_people",
        "for address, said_at in after.unsafe_since.items()",
        "for address, said_at in {}.items()",
    ),
    mutant(
        "takes unsafe as of the present phone", f"{INCIDENT}:Incident.unsafe_since", "party.ever_at", "party.addresses"
    ),
    mutant(
        "lets a later word make a person safe",
        f"{INCIDENT}:Incident._unsafe",
        "party.unsafe_as_of is not None and",
        "party.unsafe_as_of is not None and party.unsafe_as_of == self.as_of and",
    ),
    mutant("lets no release end an unsafe word", "flow.incidents.release:lifted_by", 'if what == "unsafe"', "if False"),
)

RACES = (
    mutant("claims without asking for silences", f"{MEMORY}.claim", "or full or silent", "or full"),
    mutant(
        "claims without asking for STOP",
        f"{MEMORY}.claim",
        "contact.bounced or contact.opted_out is OptOutScope.ALL",
        "contact.bounced",
    ),
    mutant(
        "claims over a change of the incident",
        "virtual.incidents:MemoryIncidents.claim",
        "or record.version != claim.incident_version",
        "",
    ),
    mutant("reads no pause after the claim", "flow.notifications.send:send", "if paused(", "if False and paused("),
    mutant("knows no pause", f"{PERMIT}:paused", "return any(", "return False and any("),
    mutant(
        "knows no silence before the claim or in it",
        f"{PERMIT}:_refusal",
        "(silenced, Reason.SILENCED)",
        "(False, Reason.SILENCED)",
        f"{MEMORY}.claim",
        "or full or silent",
        "or full",
    ),
)

REFUSED = (
    mutant("forgets rejected updates", "flow.incidents.receive:_stops_texts", "return bool(", "return bool(False and "),
    mutant(
        "forgets words of a rejected update that no list knows",
        "flow.incidents.receive:_stops_texts",
        "rejected.evidence or",
        "",
    ),
    mutant(
        "reads only words of a rejected update that are texts",
        "inbound.cad.loosely:texts",
        "if isinstance(value, list):",
        "if not isinstance(value, str): return\n    if isinstance(value, list):",
    ),
    mutant(
        "reads no dispositions of a rejected update",
        "inbound.cad.loosely:evidence",
        '("dispositions", "disposition")',
        "()",
    ),
    mutant(
        "reads a rejected latch only where it is true",
        "inbound.cad.loosely:is_yes",
        "return any(",
        "return value is True and any(",
    ),
    mutant(
        "forgets the arrival of a rejected update",
        "domain.incidents.update:Update.told",
        "_holds(name, value)",
        "name in STOPPING",
    ),
)

TIMES = (
    mutant("tells people that officers are late who are there", f"{TIMING}:_over", "if facts.arrived_at", "if False"),
    mutant("tells of a delay after the closing", f"{TIMING}:ended", "if facts.closed_at", "if False"),
    mutant("lets an absence win a tie", f"{MERGE}:_greatness", "told = value is not None", "told = value is None"),
    mutant(
        "lets the last one heard win",
        f"{MERGE}:heard",
        "settle(name, [known for known in (first, second, word) if known])",
        "(word, second)",
    ),
    mutant("lets records take back dispatch's words", f"{MERGE}:settle", "word.value is not None, ", ""),
    mutant("hears a silent feed", f"{PERMIT}:_heard_lately", "return heard_at", "return True or heard_at"),
    mutant("sends at any hour", "domain.settings.hours:Window.opens", "if self.start == self.end", "if True"),
    mutant("sends what is stale", f"{PERMIT}:expired", "if now < row.expires_at", "if True"),
    mutant(
        "sends a call's acknowledgment without its hold", f"{TIMING}:_acknowledgment", " + rule.acknowledgment.hold", ""
    ),
    mutant("waits for no human", f"{RECIPIENTS}:awaits_human", "return callers", "return False and callers"),
    mutant("sends in shadow", f"{AGENCY}:Agency.sends", "return live and", "return"),
)

PEOPLE = (
    mutant("does not hear STOP", "flow.people.record_reply:_do", "if asked in _SCOPES", "if False"),
    mutant(
        "ends only one address by STOP",
        "domain.people.contact:Contact.also",
        "None if taken_back else other.opted_out",
        "None",
    ),
    mutant(
        "knows no cap a day",
        f"{PERMIT}:_refusal",
        "<= contact.sent_today",
        "< 0",
        f"{MEMORY}.claim",
        "contact.sent_today >= claim.cap",
        "False",
    ),
    mutant("knows no cap an incident", f"{PERMIT}:_refusal", "<= len(told)", "< 0"),
    mutant("tells witnesses", f"{RECIPIENTS}:_reach", 'party.role == "witness"', "False"),
    mutant("tells an alarm company", f"{RECIPIENTS}:_reach", 'party.contact_kind not in (None, "personal")', "False"),
    mutant("tells an institution", f"{RECIPIENTS}:_reach", "bool(known & agency.institutional_numbers)", "False"),
    mutant(
        "tells a duplicate's people again",
        f"{RECIPIENTS}:_told",
        "in incident.followers.items()",
        "in {}.items()",
    ),
    mutant(
        "tells the same news twice to one address",
        f"{PLAN}:_each_address_once",
        "elif told & someone.addresses",
        "elif False",
        f"{PERMIT}:_same_news",
        "return",
        "return False and",
    ),
    mutant(
        "goes on with a survey of a grave incident",
        "flow.surveys.converse:barred",
        "return incident_bar",
        "return False and incident_bar",
        "domain.people.contact:Contact.silent",
        "return self.unsafe or",
        "return False and",
    ),
    mutant(
        "answers no call for help of a silenced person",
        "flow.people.record_reply:take_reply",
        "told = _told(asked, before)",
        "told, danger = _told(asked, before), danger and not before.silent(reply.at)",
    ),
)

SENDS_TOO_LITTLE = (
    mutant(
        "sends nothing",
        f"{PLAN}:plan",
        "if bar or rule is None",
        "if True",
        f"{PLAN}:incident_bar",
        "return (Reason.NOT_JUDGED, unjudged) if unjudged else None",
        "return Reason.NOT_JUDGED, ''",
    ),
    mutant("never tells of a delay", f"{TIMING}:_delay", "if facts.received_at is None or", "if True or"),
    mutant("never tells how it ended", f"{TIMING}:_outcome", "if outcome is None", "if True"),
    mutant("never asks", f"{TIMING}:_survey", "if facts.cancelled_at", "if True"),
    mutant("tells nobody by email", f"{RECIPIENTS}:_reach", '"email": party.email', '"email": None'),
    mutant(
        "remembers that nobody judged a word",
        f"{JUDGED}:_all",
        "remembered, said = agency.remembered_verdicts, nature(incident, agency)",
        "remembered, said = _without_dispositions.__dict__, nature(incident, agency)",
    ),
)

MUTANTS = (*NATURE, *SILENCES, *RACES, *REFUSED, *TIMES, *PEOPLE, *SENDS_TOO_LITTLE)
