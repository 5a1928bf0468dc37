"""What people chose to get, in their items: the profile holds what counts now, and each word is kept beside it.

A bounce is no choice. It stands in `bounced_at`, so that neither takes the other's place. The release before knows
only `opted_out`: a bounce is written there too, where its owner has chosen nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property

from msgspec.structs import replace
from pynamodb.connection import Connection
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.aws.document import decode, encode
from chalicelib.aws.stores.stopped import Stopped
from chalicelib.aws.tables import (
    CONSENT,
    PROFILE,
    Add,
    ContactItem,
    as_conflict,
    condition_failed,
    instant,
    read_instant,
)
from chalicelib.domain.people.consent import Consent
from chalicelib.domain.people.contact import OptOutScope


class Consents:
    """The part of the contacts that says what people chose; `pk` is a person's partition."""

    def __init__(self, items: type[ContactItem], connection: Connection) -> None:
        self._items, self._connection, self.stopped = items, connection, Stopped(items)

    def keep(self, pk: str, word: Consent) -> None:
        """Keep a choice; Conflict."""
        items, scope, at = self._items, word.opted_out, word.at or datetime.now(UTC)
        change = [items.opted_out.set(scope.value)] if scope else [items.opted_out.remove(), items.bounced_at.remove()]
        stopped = self.stopped.writes(pk, scope)
        self._write(pk, word, at, [*change, items.consent_at.set(instant(at))], self._latest(at), stopped)

    def bounce(self, pk: str, at: datetime, words: str) -> None:
        """Keep that a mailbox takes nothing, unless its owner said START since; Conflict."""
        items = self._items
        known = [items.opted_out.set(items.opted_out | OptOutScope.ADDRESS.value), items.bounced_at.set(instant(at))]
        self._write(pk, Consent(OptOutScope.ADDRESS, words), at, known, self._latest(at) | items.opted_out.exists())

    def history(self, pk: str) -> list[Consent]:
        """Return every word of a person about consent, oldest first."""
        found = self._items.query(pk, self._items.sk.startswith(CONSENT))
        return list(map(read_word, found))

    @cached_property
    def open(self) -> Condition:
        """Return the condition on a profile that it gets messages, surveys perhaps left out."""
        opted_out, bounced_at = self._items.opted_out, self._items.bounced_at
        no_surveys = (opted_out == OptOutScope.SURVEYS.value) & bounced_at.does_not_exist()
        allowed: Condition = self.open_to_surveys | no_surveys
        return allowed

    @cached_property
    def open_to_surveys(self) -> Condition:
        """Return the condition on a profile that it gets all, surveys too.

        A START that the release before heard left `bounced_at` where it was.
        """
        items = self._items
        takes_mail = items.bounced_at.does_not_exist() | (items.bounced_at < items.consent_at)
        allowed: Condition = items.opted_out.does_not_exist() & takes_mail
        return allowed

    def not_stopped(self, *, surveys: bool) -> Condition:
        """Return the condition on a profile that its person did not stop messages, or not even surveys.

        A bounce at one address stops nothing at another one.
        """
        opted_out = self._items.opted_out
        allowed: Condition = opted_out.does_not_exist() | (opted_out == OptOutScope.ADDRESS.value)
        if not surveys:
            allowed |= opted_out == OptOutScope.SURVEYS.value
        return allowed

    def _latest(self, at: datetime) -> Condition:
        chosen_at = self._items.consent_at
        latest: Condition = chosen_at.does_not_exist() | (chosen_at <= instant(at))
        return latest

    def _write(
        self,
        pk: str,
        word: Consent,
        at: datetime,
        actions: Sequence[Action],
        counts: Condition,
        beside: Add | None = None,
    ) -> None:
        """Write the profile where a word counts, and the history in any case."""
        items = self._items
        entry = items(pk, f"{CONSENT}{instant(at)}", document=encode(word))
        try:
            with TransactWrite(connection=self._connection) as transaction:
                transaction.update(items(pk, PROFILE), actions=list(actions), condition=counts)
                transaction.save(entry)
                if beside:
                    beside(transaction)
        except TransactWriteError as error:
            if not condition_failed(error):
                raise as_conflict(error) from error
            entry.save()


def read_word(item: ContactItem) -> Consent:
    """Read one word of a person about consent."""
    return replace(decode(item.document, Consent), at=read_instant(item.sk.removeprefix(CONSENT)))


def chosen(profile: ContactItem | None) -> tuple[OptOutScope | None, datetime | None, bool]:
    """Return what a person chose, when, and whether their mailbox bounced.

    Rows from before `bounced_at` have a bounce in the place of a choice, and its instant as that of the choice.
    """
    scope = OptOutScope(profile.opted_out) if profile and profile.opted_out else None
    chosen_at = read_instant(profile.consent_at) if profile and profile.consent_at else None
    bounced_at = read_instant(profile.bounced_at) if profile and profile.bounced_at else None
    if scope is OptOutScope.ADDRESS:
        return None, chosen_at if bounced_at else None, True
    came_back = scope is None and chosen_at is not None and bounced_at is not None and chosen_at > bounced_at
    return scope, chosen_at, bounced_at is not None and not came_back
