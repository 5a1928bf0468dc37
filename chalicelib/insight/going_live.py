"""Going live: the list of what is done and what is not, and the signatures on it, for the desk and for the command."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from chalicelib.domain.approval import Author
from chalicelib.domain.desk.going_live import GoingLive, Known, going_live
from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.desk.signed import Signed, Subject, signed
from chalicelib.domain.desk.to_sign import Listed, subjects, types_of
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.templates import templates_of
from chalicelib.wiring import Aws


class NothingToSign(LookupError):
    """There is nothing of this name: the settings have it no more."""


def read(aws: Aws, agency: Agency, now: datetime) -> GoingLive:
    """Return the list, by three Queries and a read."""
    heard, book = aws.settings.feed(agency.agency_id)
    known = Known(
        drills=aws.settings.paging(agency.agency_id).drills,
        heard=heard,
        book=book,
        signatures=aws.signed.all_of(agency.agency_id),
    )
    return going_live(agency, templates_of(agency), known, now)


def all_listed(agency: Agency) -> tuple[Listed, ...]:
    """Return the types that people sign, in the order of the settings."""
    return types_of(agency, templates_of(agency))


def listed(agency: Agency, name: str) -> Listed:
    """Return a type by its short name; NothingToSign."""
    found = next((one for one in all_listed(agency) if one.id == name), None)
    if found is None:
        raise NothingToSign(name)
    return found


def subject(agency: Agency, name: str) -> Subject:
    """Return what is signed under a name; NothingToSign."""
    found = next((one for one in subjects(agency, templates_of(agency)) if one.name == name), None)
    if found is None:
        raise NothingToSign(name)
    return found


def prepare(
    aws: Aws, agency: Agency, name: str, read_as: str, reference: str, by: Author, roles: Collection[Role], at: datetime
) -> Signed:
    """Return the signature that `keep` writes, as `name` reads in what is published now; NothingToSign, Refused."""
    present = aws.settings.latest(agency.agency_id) or agency
    known = aws.signed.all_of(agency.agency_id)
    return signed(subject(present, name), read_as, reference, by, roles, known, at)


def keep(aws: Aws, agency_id: str, one: Signed) -> Signed:
    """Write a signature; one that stands as it is stays. Conflict."""
    return one if aws.signed.all_of(agency_id).get(one.name) == one else aws.signed.write(agency_id, one)


def withdraw(aws: Aws, agency_id: str, name: str, number: int) -> Signed | None:
    """Take a signature back that somebody saw, and return it; None where there is none that stands. Conflict."""
    one = aws.signed.all_of(agency_id).get(name)
    if one is None or one.withdrawn or one.number != number:
        return None
    return aws.signed.write(agency_id, replace(one, withdrawn=True))
