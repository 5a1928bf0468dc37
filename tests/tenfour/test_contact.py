"""Two lists of opt-outs, compared: nobody who said STOP to either is lost, and nobody's number is printed."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from chalicelib.carriers.failures import OPTED_OUT
from chalicelib.domain.people.consent import Consent
from chalicelib.domain.people.contact import OptOutScope
from chalicelib.insight.records.reconcile import Differences, Listed, agree, compare, in_words, not_changed
from chalicelib.virtual.fiction import fictional_phone
from chalicelib.virtual.world import MemoryPorts
from tenfour.main import cli
from tests.factories import NOW, after, agency

A, B, C, D, E = (fictional_phone(number) for number in range(5))
ALL = OptOutScope.ALL


def word(scope, minutes, source="reply", words="said"):
    return Consent(scope, words, source, "", after(minutes))


def compared(history, listed, known=()):
    return compare([Listed(number, after(5)) for number in listed], known, lambda number: history.get(number, []))


def test_each_side_learns_what_it_lacks():
    history = {A: [word(ALL, 0)], B: [word(ALL, 0)], C: [word(OptOutScope.SURVEYS, 0)]}
    found = compared(history, [B, C, D], [A, B, C, E])

    assert found == Differences(1, (Listed(C, after(5)), Listed(D, after(5))), (A,), ())


def test_who_said_start_to_us_later_leaves_the_list_and_who_said_stop_to_them_later_stays():
    history = {A: [word(ALL, 0), word(None, 6)], B: [word(ALL, 0), word(None, 4)]}

    found = compared(history, [A, B])
    assert (found.returned, [item.number for item in found.only_theirs]) == ((A,), [B])


def test_a_text_that_the_list_refused_is_no_word_of_the_person():
    history = {A: [word(ALL, 0), word(None, 6), word(ALL, 7, "provider", OPTED_OUT)]}

    assert compared(history, [A]).returned == (A,)


class Provider:
    """A list that changes nobody's entry but one, and says why in a code."""

    def __init__(self, code, willing):
        self.code, self.willing, self.changed = code, willing, []

    def _change(self, OptOutListName, OptedOutNumber):  # noqa: N803  AWS's names
        if OptedOutNumber != self.willing:
            raise ClientError({"Error": {"Code": self.code}}, "DeleteOptedOutNumber")
        self.changed.append(OptedOutNumber)

    put_opted_out_number = delete_opted_out_number = _change


def test_a_number_that_the_provider_will_not_change_stands_in_nobodys_way():
    world, provider = MemoryPorts(agency()), Provider("ConflictException", willing=C)
    kept = agree(Differences(0, (), (A,), (B, C)), world, "springfield", provider, "Default", NOW)

    assert (kept, provider.changed) == ([A, B], [C])
    assert [len(world.contacts.history("springfield", number)) for number in (B, C)] == [0, 1]
    assert A not in not_changed(kept)


def test_trouble_with_the_list_itself_ends_it():
    provider = Provider("AccessDeniedException", willing=None)

    with pytest.raises(ClientError):
        agree(Differences(0, (), (), (B,)), MemoryPorts(agency()), "springfield", provider, "Default", NOW)


def test_numbers_are_masked_and_few():
    many = tuple(Listed(fictional_phone(number), NOW + timedelta(days=1)) for number in range(40))
    printed = "\n".join(in_words(Differences(0, many, (A,), ()), dry=True))

    assert "40 only the provider's: would be opted out here" in printed
    assert printed.count("•••) •••-") == 6
    assert A not in printed


@pytest.mark.parametrize(
    "command", [["opt-out", A], ["opt-out", A, "--reason", "x", "--stack", "nothing.json"], ["reconcile"], ["show"]]
)
def test_bad_usage_is_refused_in_one_line(command):
    result = CliRunner().invoke(cli, ["contact", *command])

    assert result.exit_code == 2
