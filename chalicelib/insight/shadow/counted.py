"""All that is counted of incidents in shadow, and the report of it. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date

from msgspec import field

from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.notification import Channel
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.places import places
from chalicelib.insight.mask import Mask
from chalicelib.insight.shadow.people import People
from chalicelib.insight.shadow.report import Night, ShadowReport, UnknownType
from chalicelib.insight.shadow.sample import EMAILS, TEXTS, Sampler
from chalicelib.insight.shadow.sums import Sums
from chalicelib.insight.shadow.unjudged import Unjudged
from chalicelib.insight.shadow.volume import Volume
from chalicelib.insight.shadow.why import TooLate, Why

NIGHT_EXAMPLES = 3
_SHOWN: Mapping[Channel, int] = {"sms": TEXTS, "email": EMAILS}

Floors = Callable[[Agency, list[tuple[str, str]]], dict[str, str]]
"""The safety floor's verdict on each type that a place does not list, by code and description."""

Unlisted = dict[str, list[tuple[str, str]]]
"""The types that no settings list, by code and description, under their place."""


class Counted(Sums, kw_only=True):
    """Counts of incidents by those who made them; `days` has how many incidents came in on each."""

    volume: Volume = field(default_factory=Volume)
    why: Why = field(default_factory=Why)
    too_late: TooLate = field(default_factory=TooLate)
    unjudged: Unjudged = field(default_factory=Unjudged)
    people: People = field(default_factory=People)
    all: Sampler = field(default_factory=Sampler)
    by_night: Sampler = field(default_factory=Sampler)
    night: Counter[Kind] = field(default_factory=Counter)
    days: Counter[date] = field(default_factory=Counter)
    with_message: int = 0
    only_waiting: int = 0

    @property
    def incidents(self) -> int:
        """Return how many there are."""
        return self.days.total()

    def unlisted(self, agency: Agency) -> Unlisted:
        """Return the types that the settings do not list, each as dispatch describes it most often."""
        found: Unlisted = {}
        known = places(agency)
        for place, code in self.volume.incidents:
            if known[place].type_of(code or None) is None:
                found.setdefault(place, []).append((code, self.volume.described(place, code)))
        return found

    def thinned(self, mask: Mask) -> None:
        """Keep no more samples than a report shows."""
        self.all, self.by_night = self.all.thinned(_SHOWN, mask), self.by_night.thinned({"sms": NIGHT_EXAMPLES}, mask)


def report_of(counted: Counted, agency: Agency, floors: Floors, price: float, day: date | None = None) -> ShadowReport:
    """Return the report of what has been counted; `day` says that it was of one day alone."""
    days, all_of, known = counted.days, counted.incidents, places(agency)
    return ShadowReport(
        agency_id=agency.agency_id,
        agency_name=agency.name,
        settings_version=agency.version,
        day=day,
        first=min(days, default=None),
        last=max(days, default=None),
        price=price,
        incidents=all_of,
        with_message=counted.with_message,
        only_waiting=counted.only_waiting,
        kinds=counted.volume.kinds(price),
        hours=counted.volume.hours(),
        types=counted.volume.types(lambda place, code: _listed(known[place], code)),
        reasons=counted.why.reasons(),
        unknown_types=_unknown(counted, agency, floors),
        unmapped_dispositions=counted.why.unmapped(all_of),
        unjudged=counted.unjudged.values(all_of, agency),
        unjudged_incidents=counted.unjudged.incidents,
        night=tuple(_night_of(counted, kind) for kind in Kind),
        people=counted.people.many(),
        people_in_all=len(counted.people),
        held_by_caps=counted.people.held_by_caps(agency),
        long_texts=counted.volume.long_texts,
        turned=counted.too_late.turned(),
        samples={kind: counted.all.texts_and_emails(kind) for kind in Kind},
    )


def _listed(local: Agency, code: str) -> str | None:
    known = local.type_of(code or None)
    return known.description if known else None


def _unknown(counted: Counted, agency: Agency, floors: Floors) -> tuple[UnknownType, ...]:
    known, found = places(agency), counted.unlisted(agency)
    said = {place: floors(local, found.get(place, [])) for place, local in known.items()}
    unknown = (
        UnknownType(
            place=place,
            code=code,
            description=description,
            incidents=counted.volume.incidents[place, code],
            share=counted.volume.incidents[place, code] / counted.incidents,
            opened=counted.why.opened(place, code),
            floor=said[place].get(code, ""),
            held_back=bool(code) and known[place].holds_back(code),
        )
        for place, types in found.items()
        for code, description in types
    )
    return tuple(sorted(unknown, key=lambda each: (-each.incidents, each.place, each.code)))


def _night_of(counted: Counted, kind: Kind) -> Night:
    examples = counted.by_night.pick(kind, "sms", NIGHT_EXAMPLES)
    return Night(kind=kind, messages=counted.night[kind], examples=examples)
