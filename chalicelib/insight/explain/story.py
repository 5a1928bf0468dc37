"""From what is stored of an incident to its story: what happened in the order of time, what did not and why."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import asdict, replace

from chalicelib.aws.stores.history import Story
from chalicelib.aws.stores.settings import Published
from chalicelib.domain.harmless import as_text
from chalicelib.domain.incidents.duplicates import people
from chalicelib.domain.incidents.identity import PROVEN, names_of, shown_number
from chalicelib.domain.incidents.incident import Incident
from chalicelib.domain.incidents.legal_hold import ITSELF
from chalicelib.domain.ledger.who import spoken
from chalicelib.domain.names import Kind, NotificationKey
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.follow_up import FollowUp
from chalicelib.domain.surveys.survey import Survey
from chalicelib.insight.explain.alerts import alert_moments
from chalicelib.insight.explain.clock import Clock
from chalicelib.insight.explain.heard import heard_moments, party_words
from chalicelib.insight.explain.life import Life
from chalicelib.insight.explain.moment import Moment, Named, Untold, Waiting
from chalicelib.insight.explain.untold import is_final, may_come, untold, waiting, what_decided
from chalicelib.insight.explain.words import RELEASES
from chalicelib.insight.mask import Mask
from chalicelib.insight.named import incident_named

Surveys = Mapping[NotificationKey, Survey]
T = TypeVar("T", bound=Struct)
_KINDS = {kind: place for place, kind in enumerate(Kind)}


class Version(Struct, frozen=True, kw_only=True):
    """A version of the settings that decided something here."""

    version: int
    at: datetime
    author: str
    comment: str


class Explained(Struct, frozen=True, kw_only=True):
    """A whole story; `follows` is the incident of which this one's people are told.

    `would_have_gone` counts what shadow alone kept back. `may_come` are kinds that what happens next may bring, and
    `final` tells that nothing can, beside what waits.
    `incident_number` is what people read, `key` what it is stored under, and `names` are all others that it ever had.
    `called` is the incident as staff know it, also where it has no number.
    `awaits` is the one that it names although nobody has told of that one, and its people wait until `waits_until`.
    """

    agency_id: str
    agency: str
    incident_number: str
    summary: str
    went: int
    received_at: datetime | None
    follows: str | None
    awaits: str | None
    waits_until: datetime | None
    moments: tuple[Moment, ...]
    not_sent: tuple[Untold, ...]
    waiting: tuple[Waiting, ...]
    settings: tuple[Version, ...]
    would_have_gone: int = 0
    may_come: tuple[str, ...] = ()
    final: bool = True
    key: str = ""
    names: tuple[str, ...] = ()
    called: str = ""


def explain(
    story: Story,
    surveys: Surveys,
    agency: Agency,
    published: Iterable[Published],
    reveal: bool = False,
    alerts: Iterable[FollowUp] = (),
    *,
    at: datetime,
) -> Explained:
    """Return an incident's story; without `reveal` there is no phone, email or comment in it."""
    incident, versions = story.record.incident, _versions(published)
    clock = Clock(agency.zone, incident.facts.received_at or story.record.created_at)
    mask, named = Mask(reveal, _ours(story, agency)), _names(incident)
    moments = chain(
        heard_moments(story.heard, _unknown(incident), clock, mask),
        _forgotten(story),
        _decided_by_people(incident, named),
        _lives(story, surveys, Life(named, lambda row: what_decided(row, story.record.skipped), clock, mask)),
        _revealed(story),
        alert_moments(alerts, incident.incident_number, reveal=reveal),
    )
    not_sent = untold(story.record, named, story.record.settings_version)
    still = waiting(story.record, named)
    mentioned = {row.settings_version for row in story.record.rows.values()}
    mentioned |= {item.settings_version for item in not_sent}
    return Explained(
        agency_id=incident.agency_id,
        agency=agency.at(incident.facts.beat).short_name,
        incident_number=shown_number(incident) or incident.incident_number,
        key=incident.incident_number,
        called=incident_named(incident, agency.zone),
        names=tuple(sorted(map(mask.text, names_of(incident) - {shown_number(incident)}))),
        summary=mask.text(_summary(incident)),
        went=sum(row.sent_at is not None for row in story.record.rows.values()),
        received_at=incident.facts.received_at,
        follows=incident.same_as,
        awaits=incident.awaited,
        waits_until=incident.waits_until,
        moments=tuple(_masked(moment, mask) for moment in sorted(moments, key=lambda moment: moment.at)),
        not_sent=tuple(_masked(item, mask) for item in not_sent),
        waiting=tuple(_masked(item, mask) for item in still),
        settings=tuple(item for item in versions if item.version in mentioned),
        would_have_gone=sum(row.reason == Reason.SHADOW for row in story.record.rows.values()),
        may_come=may_come(story.record, agency, at),
        final=is_final(story.record),
    )


def _lives(story: Story, surveys: Surveys, life: Life) -> Iterator[Moment]:
    for key, row in sorted(story.record.rows.items(), key=lambda item: (_KINDS[item[0].kind], item[0])):
        yield from life.moments(row)
        if key in surveys:
            yield from life.answer(row, surveys[key])


def _forgotten(story: Story) -> Iterator[Moment]:
    """Yield that there was more: what webhooks said is kept for a shorter time than the incident."""
    began = story.record.created_at
    kept = any(heard.at == began for heard in story.heard)
    if began and not kept and not story.record.incident.followers:
        yield Moment(at=began, what="forgotten", detail="what dispatch first said of it is not kept any more")


def _decided_by_people(incident: Incident, named: Named) -> Iterator[Moment]:
    """Yield what came from elsewhere: other incidents that are the same one, and what humans let go."""
    for number, follower in sorted(incident.followers.items()):
        at = incident.identity.merged.get(number, follower.stamp.as_of)
        if at != PROVEN:  # of others' proofs this incident only knows that there was one
            yield Moment(at=at, what="linked", detail=_linked(number, len(follower.parties), incident))
    for release in incident.releases:
        whose = f" {named(release.party_id)}" if release.party_id else ""
        let_go = f"{spoken(release.author)} let go {RELEASES[release.what]}{whose}: “{release.reason}”"
        yield Moment(at=release.at, what="released", detail=let_go)
    for name, hold in incident.legal_holds.items():
        whose = "" if name == ITSELF else ", for a person on it"
        kept = f"{spoken(hold.author)} keeps all of it{whose}: “{hold.reason}”"
        yield Moment(at=hold.at, what="held by law", detail=kept)


def _linked(number: str, people_on_it: int, incident: Incident) -> str:
    """Say of which incident the people of another, which names or named this one, are told."""
    if number in incident.identity.merged:
        return f"{number} was proven to be this call by its names: all that was told of it counts here"
    if number not in incident.same:
        return f"{number} is not the same incident after all: its people are not told of this one any more"
    if incident.as_of is None:
        return f"{number} is said to be the same incident, but nobody has told of this one"
    speaks = incident.same_as or "this one"
    return f"{number} is the same incident: its people ({people_on_it}) are told of {speaks}"


def _revealed(story: Story) -> Iterator[Moment]:
    for reveal in story.reveals:
        told = f"{spoken(reveal.author)} was shown phones, emails and comments: “{reveal.reason}”"
        yield Moment(at=reveal.at, what="revealed", detail=told)


def _names(incident: Incident) -> Named:
    """Return what to call a party, whether it is told of this incident or not."""
    parties = incident.everyone | people(incident.followers)
    return lambda party_id: party_words(party_id, parties.get(party_id))


def _ours(story: Story, agency: Agency) -> frozenset[str]:
    """Return what may look like somebody's number and is none."""
    incident, numbers = story.record.incident, agency.numbers
    told = (update.facts.get("case_numbers") or () for heard in story.heard for update in heard.updates)
    cases = chain(incident.facts.case_numbers or (), *told)
    links = (link.incident_number for link in (incident.facts.linked_to,) if link)
    names = {*names_of(incident), *incident.followers, *links, *cases}
    return frozenset({numbers.non_emergency, numbers.sms_from, numbers.email_from, *names}) - incident.all_addresses


def _unknown(incident: Incident) -> Incident:
    return Incident(agency_id=incident.agency_id, incident_number=incident.incident_number)


def _summary(incident: Incident) -> str:
    """Return in a line what the incident is, and how far it got."""
    facts = incident.facts
    ended = "cancelled" if facts.cancelled_at else "closed" if facts.closed_at else "open"
    code = f"type {facts.incident_type}" if facts.incident_type else "no type yet"
    priority = f"priority {facts.priority}" if facts.priority else ""
    came = "officers came" if facts.arrived_at else ""
    return ", ".join(filter(None, (code, priority, came, ended)))


def _versions(published: Iterable[Published]) -> tuple[Version, ...]:
    found = (
        Version(version=item.agency.version, at=item.at, author=item.author, comment=item.comment) for item in published
    )
    return tuple(sorted(found, key=lambda item: item.version))


def _masked(item: T, mask: Mask) -> T:
    """Return a part of the story without anybody's address in any of its texts."""
    texts = {name: as_text(mask.text(value)) for name, value in asdict(item).items() if type(value) is str}
    return replace(item, **texts)
