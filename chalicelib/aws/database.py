"""The stores over the stack's tables, each made when it is first needed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from pynamodb.connection import Connection

from chalicelib.aws.stores.attention import AttentionTable
from chalicelib.aws.stores.changes import scan
from chalicelib.aws.stores.contacts import ContactTable
from chalicelib.aws.stores.conversations import ConversationTable
from chalicelib.aws.stores.follow_ups import FollowUpTable
from chalicelib.aws.stores.incidents import IncidentTable
from chalicelib.aws.stores.ledger import LedgerTable, NoLedger
from chalicelib.aws.stores.left_out import log_left_out
from chalicelib.aws.stores.mappings import MappingTable
from chalicelib.aws.stores.on_request import RecordTable
from chalicelib.aws.stores.recent import RecentTable
from chalicelib.aws.stores.rejects import RejectTable
from chalicelib.aws.stores.restored import TableIds
from chalicelib.aws.stores.settings import SettingsTable
from chalicelib.aws.stores.signatures import SignatureTable
from chalicelib.aws.stores.surveys import SurveyTable
from chalicelib.aws.tables import (
    Add,
    ContactItem,
    IncidentItem,
    LedgerItem,
    SessionItem,
    SettingsItem,
    SurveyItem,
    bind,
)
from chalicelib.domain.approval import Entry
from chalicelib.domain.lake.rows import Changed

if TYPE_CHECKING:
    from chalicelib.aws.stores.again import ItemsAgain
    from chalicelib.aws.stores.comments import CommentTable
    from chalicelib.aws.stores.drafts import DraftTable
    from chalicelib.aws.stores.jobs import JobTable
    from chalicelib.aws.stores.judging import JudgingTable
    from chalicelib.aws.stores.own_texts import OwnTextTable
    from chalicelib.aws.stores.received import ReceivedTable
    from chalicelib.aws.stores.reports import ReportTable
    from chalicelib.aws.stores.scenarios import ScenarioTable
    from chalicelib.aws.stores.searchable import SearchableTable
    from chalicelib.aws.stores.sessions import SessionTable
    from chalicelib.aws.stores.signed import SignedTable


class Database:
    """Every store, over tables of these names; `contact_secret` hashes phones and emails."""

    def __init__(
        self,
        tables: Mapping[str, str],
        connection: Connection,
        clock: Callable[[], datetime],
        contact_secret: Callable[[], bytes],
        ledger: str = "",
        sessions: str = "",
    ) -> None:
        self._tables, self._clock, self._contact_secret = tables, clock, contact_secret
        self.connection, self._ledger, self._sessions = connection, ledger, sessions

    @cached_property
    def incidents(self) -> IncidentTable:
        """Return the incidents."""
        return IncidentTable(
            self._incident_items, self.contacts, self.surveys, self.connection, self._add_to_ledger, self.leave_out
        )

    @cached_property
    def rejects(self) -> RejectTable:
        """Return the updates that could not be taken."""
        return RejectTable(self._incident_items)

    @cached_property
    def signatures(self) -> SignatureTable:
        """Return where each signature was used."""
        return SignatureTable(self._incident_items)

    @cached_property
    def received(self) -> "ReceivedTable":
        """Return what each key posted lately."""
        from chalicelib.aws.stores.received import ReceivedTable  # noqa: PLC0415  of some keys alone

        return ReceivedTable(self._incident_items)

    @cached_property
    def contacts(self) -> ContactTable:
        """Return the contacts."""
        return ContactTable(self._contact_items, self._contact_secret, self.connection)

    @cached_property
    def conversations(self) -> ConversationTable:
        """Return what people texted back, and the answers."""
        return ConversationTable(self._contact_items, self._incident_items, self.contacts, self.connection)

    @cached_property
    def own_texts(self) -> "OwnTextTable":
        """Return the texts to people's own phones."""
        from chalicelib.aws.stores.own_texts import OwnTextTable  # noqa: PLC0415  a few times a day

        return OwnTextTable(self._contact_items, self._incident_items, self.contacts, self.connection)

    @cached_property
    def follow_ups(self) -> FollowUpTable:
        """Return the answers that somebody must look at."""
        return FollowUpTable(self._contact_items, self.connection)

    @cached_property
    def attention(self) -> AttentionTable:
        """Return what waits for somebody."""
        return self.contacts.attention

    @cached_property
    def recent(self) -> RecentTable:
        """Return the index of what is recent."""
        return RecentTable(self._incident_items, self._clock)

    @cached_property
    def records(self) -> RecordTable:
        """Return the records as a clerk works on them, who answers to courts and to persons."""
        return RecordTable(self._incident_items, self._contact_items, self.contacts)

    @cached_property
    def surveys(self) -> SurveyTable:
        """Return the surveys."""
        return SurveyTable(self._survey_items, self.connection)

    @cached_property
    def comments(self) -> "CommentTable":
        """Return the comments that somebody must read, and which of them may be published."""
        from chalicelib.aws.stores.comments import CommentTable  # noqa: PLC0415  of words in an answer, and the desk

        return CommentTable(self._survey_items, self._contact_items, self.connection)

    @cached_property
    def settings(self) -> SettingsTable:
        """Return the settings."""
        return SettingsTable(
            self._settings_items, self.connection, self._clock, self._table_ids, self._add_to_ledger, self.leave_out
        )

    @cached_property
    def ledger(self) -> LedgerTable:
        """Return the ledger of acts that take two people; NoLedger where the stack is of an earlier release."""
        if not self._ledger:
            raise NoLedger
        return LedgerTable(bind(LedgerItem, self._ledger, self.connection), self.connection, self.leave_out)

    @cached_property
    def judging(self) -> "JudgingTable":
        """Return the values that nobody has judged, and the drafts of judgements."""
        from chalicelib.aws.stores.judging import JudgingTable  # noqa: PLC0415  of export, the desk and a command

        return JudgingTable(self._settings_items, self._clock, self.leave_out)

    @cached_property
    def drafts(self) -> "DraftTable":
        """Return the drafts of settings."""
        from chalicelib.aws.stores.drafts import DraftTable  # noqa: PLC0415  of the desk

        return DraftTable(self._settings_items, self._clock, self.leave_out)

    @cached_property
    def scenarios(self) -> "ScenarioTable":
        """Return the scenarios that agencies keep with their settings."""
        from chalicelib.aws.stores.scenarios import ScenarioTable  # noqa: PLC0415  of the desk and a command

        return ScenarioTable(self._settings_items, self.leave_out)

    @cached_property
    def reports(self) -> "ReportTable":
        """Return the released versions of the quarters' reports."""
        from chalicelib.aws.stores.reports import ReportTable  # noqa: PLC0415  of the desk alone

        return ReportTable(self._settings_items, self.leave_out)

    @cached_property
    def signed(self) -> "SignedTable":
        """Return the signatures before going live."""
        from chalicelib.aws.stores.signed import SignedTable  # noqa: PLC0415  of the desk and a command

        return SignedTable(self._settings_items, self.leave_out)

    @cached_property
    def sessions(self) -> "SessionTable":
        """Return the sessions at the desk; NoDesk where the stack has none."""
        from chalicelib.aws.stores.sessions import SessionTable  # noqa: PLC0415  of the desk alone

        return SessionTable(self._session_items, self.connection)

    @cached_property
    def jobs(self) -> "JobTable":
        """Return the desk's jobs, in the table of its sessions; NoDesk where the stack has none."""
        from chalicelib.aws.stores.jobs import JobTable  # noqa: PLC0415  of the desk alone

        return JobTable(self._session_items, self._clock, self.connection, self.leave_out)

    @cached_property
    def searchable(self) -> "SearchableTable":
        """Return whether all that an agency has is found."""
        from chalicelib.aws.stores.searchable import SearchableTable  # noqa: PLC0415  of commands and the desk alone

        return SearchableTable(self._settings_items)

    @cached_property
    def items_again(self) -> "ItemsAgain":
        """Return the incidents' items, for people who put old ones into the indexes."""
        from chalicelib.aws.stores.again import ItemsAgain  # noqa: PLC0415  of a command alone

        return ItemsAgain(self._incident_items)

    @cached_property
    def mappings(self) -> MappingTable:
        """Return the mappings of vendors' payloads."""
        return MappingTable(self._settings_items, self.connection, self._clock)

    def leave_out(self, place: str) -> None:
        """Tell of something stored that this release can't read."""
        log_left_out(place)

    def changes(self, leave_out: Callable[[str], None]) -> Iterator[Changed]:
        """Return everything that the tables hold for the lake, by scans: for people who repair a day.

        An item that can't be read is left out by its keys.
        """
        tables = (self._incident_items, self._contact_items, self._survey_items)
        return chain.from_iterable(scan(items, leave_out) for items in tables)

    @cached_property
    def _incident_items(self) -> type[IncidentItem]:
        return bind(IncidentItem, self._tables["incidents"], self.connection)

    @cached_property
    def _contact_items(self) -> type[ContactItem]:
        return bind(ContactItem, self._tables["contacts"], self.connection)

    @cached_property
    def _survey_items(self) -> type[SurveyItem]:
        return bind(SurveyItem, self._tables["surveys"], self.connection)

    @cached_property
    def _settings_items(self) -> type[SettingsItem]:
        return bind(SettingsItem, self._tables["settings"], self.connection)

    @cached_property
    def _session_items(self) -> type[SessionItem]:
        from chalicelib.aws.stores.sessions import NoDesk  # noqa: PLC0415  of the desk alone

        if not self._sessions:
            raise NoDesk
        return bind(SessionItem, self._sessions, self.connection)

    def _add_to_ledger(self, entry: Entry) -> Add:
        """Return the write of an entry into the ledger, which is reached only where there is one."""
        return self.ledger.add(entry)

    @cached_property
    def _table_ids(self) -> TableIds:
        return TableIds(self.connection, self._tables, self._clock)
