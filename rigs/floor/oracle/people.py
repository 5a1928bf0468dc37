"""Who may be written to: people who are unsafe to contact, and those who said STOP."""

from datetime import datetime

from rigs.floor.oracle.state import State
from rigs.floor.oracle.told import Body, Person
from rigs.floor.oracle.words import says_no


class Unsafe:
    """The people whom somebody called unsafe to contact. It is of the person, and has no end but a release."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lifted: dict[str, datetime] = {}
        self._known: dict[tuple[str, str], datetime] = {}

    def addresses(self, number: str) -> set[str]:
        """Return every address at which nobody may be told anything about an incident."""
        family, found = set(self._state.family(number)), set[str]()
        for each, told in self._state.told.items():
            for party_id, person in told.people.items():
                if self._holds(each, party_id, person):
                    found |= person.ever if each in family else person.ever - self._lifted.keys()
        return found

    def perhaps(self) -> set[str]:
        """Return every address of somebody who was called unsafe on some incident, and not released there."""
        people = [(each, name, one) for each, told in self._state.told.items() for name, one in told.people.items()]
        return set[str]().union(*(one.ever for each, name, one in people if self._holds(each, name, one)))

    def heard(self, number: str, body: Body) -> None:
        """Let a word hold again that was released before."""
        for party in body.get("reporting_parties") or ():
            person = self._state.of(number).people.get(party["party_id"])
            if person and says_no(party.get("safe_to_contact")) and self._holds(number, party["party_id"], person):
                for address in person.ever:
                    self._lifted.pop(address, None)

    def released(self, number: str, party_id: str, now: datetime) -> None:
        """Let a person be told again of this incident, and of others by the addresses that they had here."""
        person = self._state.of(number).people[party_id]
        if person.unsafe_as_of:
            self._known[number, party_id] = person.unsafe_as_of
        self._lifted |= dict.fromkeys(person.ever, now)

    def _holds(self, number: str, party_id: str, person: Person) -> bool:
        known, said = self._known.get((number, party_id)), person.unsafe_as_of
        return said is not None and (known is None or said > known)


class Consents:
    """What each phone said last: stop everything, or surveys."""

    def __init__(self) -> None:
        self._scopes: dict[str, str] = {}

    def of(self, address: str) -> str:
        """Return `all`, `surveys`, or nothing."""
        return self._scopes.get(address, "")

    def said(self, address: str, intent: str) -> None:
        """Take a wish."""
        known = self.of(address)
        if intent == "stop":
            self._scopes[address] = "all"
        elif intent == "no surveys":
            self._scopes[address] = known or "surveys"
        elif intent == "start" or (intent == "yes" and known):
            self._scopes.pop(address, None)

    def stop(self, addresses: set[str], kind: str) -> bool:
        """Tell whether a person with these addresses wants no message of this kind."""
        scopes = {self.of(each) for each in addresses}
        return "all" in scopes or (kind == "survey" and "surveys" in scopes)
