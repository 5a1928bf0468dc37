"""The shadow report of a period for the desk, in chunks of one local day.

Each day's calls are counted by themselves, with all that was decided about them, by the same functions as `tenfour
shadow-report`. What is kept of a day has people under keyed pseudonyms, so that those who would get many over the
period can be found; it has no phone and no email.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from msgspec import field

from chalicelib.aws.document import encode
from chalicelib.domain.approval import Author
from chalicelib.domain.desk.draft_week import days_before, span_of_day
from chalicelib.domain.desk.jobs import CantBeDone, Job, new_job
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.places import places
from chalicelib.insight.mask import Mask
from chalicelib.insight.records.every_call import loaded
from chalicelib.insight.settings.samples import SEGMENT_PRICE
from chalicelib.insight.shadow.count import tallied
from chalicelib.insight.shadow.counted import Counted, report_of
from chalicelib.insight.shadow.rehearse import floors
from chalicelib.insight.shadow.report import ShadowReport
from chalicelib.insight.shadow.sums import Sums, read, written
from chalicelib.wiring import Aws

PERIODS = (7, 14, 28)
"""Whole local days that a report may be of."""

LONGEST = 350_000
"""Bytes of a day's result: an item of DynamoDB's holds 400 KB. A day of 3,100 messages takes 73,000."""

MOST_CALLS = 4_000
"""Calls of one day that a worker reads in its 29 seconds; a city of Denver's size has 1,500."""

_PSEUDONYM = 16
"""Characters of a keyed hash that tell people apart: that two of a million share them happens once in 37 million."""


class DayCounted(Sums, kw_only=True):
    """A day's counts, with what the safety floor says of the types that it found and no settings list."""

    counted: Counted = field(default_factory=Counted)
    floors: dict[tuple[str, str, str], str] = field(default_factory=dict)


def job_of(days: int, present: Agency, who: Author, at: datetime) -> Job:
    """Return the job that counts the last whole local days. It is of nobody alone: the same for whoever asks."""
    chunks = [day.isoformat() for day in days_before(at, present.zone, days)]
    return new_job("shadow", who, {"days": str(days), "over": str(present.version)}, chunks, at, shared=True)


def day_of(aws: Aws, agency_id: str, job: Job, chunk: str) -> str:
    """Count one day, and return its result as text; CantBeDone."""
    agency = aws.settings.version(agency_id, int(job.given["over"]))
    if agency is None:
        raise CantBeDone("gone")
    if aws.searchable.since(agency_id) is None:
        raise CantBeDone("not_indexed")
    span = span_of_day(date.fromisoformat(chunk), agency.zone)
    began = aws.recent.all_of(agency_id, span.since, span.until)
    keys = sorted({one.key for one in began if one.notification is None})
    if len(keys) > MOST_CALLS:
        raise CantBeDone("too_many")
    result = _result(tallied(loaded(aws, keys), agency, named=partial(_pseudonym, aws)), agency)
    if len(encode(result)) > LONGEST:
        raise CantBeDone("too_many")
    return result


def report_of_days(results: Mapping[str, str], agency: Agency) -> ShadowReport:
    """Return the report of the days' results together; one of UNREADABLE."""
    total = DayCounted()
    for chunk in sorted(results):
        total.add_up(read(results[chunk], DayCounted))
    return report_of(total.counted, agency, partial(_floors, total), SEGMENT_PRICE)


def _result(counted: Counted, agency: Agency) -> str:
    counted.thinned(Mask(ours=frozenset(filter(None, (agency.numbers.non_emergency, agency.numbers.sms_from)))))
    known, found = places(agency), counted.unlisted(agency)
    said = {place: floors(known[place], types) for place, types in found.items()}
    kept = {
        (known[place].name, code, described): said[place][code]
        for place, types in found.items()
        for code, described in types
        if code in said[place]
    }
    return written(DayCounted(counted=counted, floors=kept))


def _floors(total: DayCounted, local: Agency, types: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return what the days' workers found, and find out what none of them had: a type described otherwise."""
    known = {code: total.floors.get((local.name, code, described)) for code, described in types}
    missing = [(code, described) for code, described in types if known[code] is None]
    return {code: floor for code, floor in known.items() if floor is not None} | floors(local, missing)


def _pseudonym(aws: Aws, address: str) -> str:
    return aws.contacts.reference(address).keyed_hash[:_PSEUDONYM]
