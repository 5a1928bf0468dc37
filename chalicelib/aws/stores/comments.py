"""Comments to read and what was decided about them, in DynamoDB.

A decision is beside the surveys, whose stream the lake follows. The lists are in the table of contacts, which no
analyst sees: one partition for each list of an agency, so that a page of it is one query.
"""

from collections.abc import Iterable
from datetime import datetime

from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import decode, encode
from chalicelib.aws.tables import COMMENTS, RELEASE, ContactItem, SurveyItem, as_conflict
from chalicelib.domain.surveys.comment_release import LISTS, CommentList, CommentRelease, Listed, place_of


class CommentTable:
    """The port `Comments` over DynamoDB, and the decisions on comments, of which the latest holds."""

    def __init__(self, items: type[SurveyItem], lists: type[ContactItem], connection: Connection) -> None:
        self._items, self._lists, self._connection = items, lists, connection

    def change(self, agency_id: str, anew: Iterable[Listed], gone: Iterable[str], until: datetime | None) -> None:
        """Put what is new on the list of what nobody has read, then take what is gone off all others."""
        places = set[str]()
        for one in anew:
            self._listed(agency_id, "new", one, until).save()
            places.add(one.place)
        for place in gone:
            for each in LISTS:
                if each != "new" or place not in places:
                    self._lists(_pk(agency_id, each), place).delete()

    def page(self, agency_id: str, which: CommentList, most: int, after: str = "") -> tuple[tuple[Listed, ...], str]:
        """Return some of a list, the oldest day first, and the place to go on from, or "": one query."""
        onward = self._lists.sk > after if after else None
        found = [*self._lists.query(_pk(agency_id, which), onward, page_size=most + 1, limit=most + 1)]
        listed = tuple(decode(item.document, Listed) for item in found[:most])
        return listed, listed[-1].place if len(found) > most else ""

    def find(self, agency_id: str, place: str) -> tuple[CommentList, Listed] | None:
        """Return a comment by its place, with the list that it is on, by three consistent reads at most."""
        known = self._find(agency_id, place)
        return (known[0], decode(known[1].document, Listed)) if known else None

    def decision(self, agency_id: str, name: str) -> CommentRelease | None:
        """Return what was decided about a comment last, by one consistent read."""
        item = self._items.find(_release_pk(agency_id, name))
        return decode(item.document, CommentRelease) if item else None

    def keep(self, release: CommentRelease, keep_until: datetime) -> None:
        """Keep a decision in place of an earlier one, and move the comment to its list, if it is on one.

        Conflict where its words were changed meanwhile, or somebody else decided.
        """
        item = self._items(_release_pk(release.agency_id, release.comment_id), document=encode(release))
        item.expires = keep_until
        place = place_of(release.dt, release.comment_id)
        known = self._there(release.agency_id, place)
        if not known:
            item.save()
            return
        listed = next(iter(known.values()))
        onto = self._lists(_pk(release.agency_id, release.listed), place, document=listed.document)
        onto.expires = listed.expires
        try:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.save(item)
                transaction.save(onto, condition=self._as_read(known.get(release.listed)))
                for each in LISTS:
                    if each != release.listed:
                        gone = self._lists(_pk(release.agency_id, each), place)
                        transaction.delete(gone, condition=self._as_read(known.get(each)))
        except TransactWriteError as error:
            raise as_conflict(error) from error

    def _there(self, agency_id: str, place: str) -> dict[CommentList, ContactItem]:
        """Return a comment by the lists that it is on: one, or two where a function died in between."""
        found = ((which, self._lists.find(_pk(agency_id, which), place)) for which in LISTS)
        return {which: item for which, item in found if item}

    def _as_read(self, item: ContactItem | None) -> Condition:
        return self._lists.document == item.document if item else self._lists.document.does_not_exist()

    def _find(self, agency_id: str, place: str) -> tuple[CommentList, ContactItem] | None:
        for which in LISTS:
            item = self._lists.find(_pk(agency_id, which), place)
            if item:
                return which, item
        return None

    def _listed(self, agency_id: str, which: CommentList, one: Listed, until: datetime | None) -> ContactItem:
        return self._lists(_pk(agency_id, which), one.place, document=encode(one), expires=until)


def _pk(agency_id: str, which: CommentList) -> str:
    return f"{COMMENTS}{agency_id}#{which}"


def _release_pk(agency_id: str, name: str) -> str:
    return f"{RELEASE}{agency_id}#{name}"
