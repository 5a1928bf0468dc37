"""A right sender passes every check; each wrong one is found by the check that it is about."""

import pytest

from chalicelib.insight.certify.scenes import SCENES
from chalicelib.insight.certify.table import CHECKS
from tenfour.common.paths import ROOT
from tests.tenfour.certify import wrong
from tests.tenfour.certify.right import Right


def words(report, state):
    return {line.name: (line.findings, line.notes) for line in report.of(state)}


def wrong_in(report):
    return words(report, "wrong").keys()


def test_a_right_sender_passes_every_check(heard):
    report = heard(Right).report

    assert words(report, "wrong") == {}
    assert words(report, "not_seen") == {}
    assert report.complete
    assert [scene.name for scene in report.scenes if not scene.where] == []


class Looks(Right):
    """Checks each update before it posts it, and reads back what it posted."""

    def post(self, told, feed="cad"):
        self.checked = self.send(f"/{feed}/springfield/updates?check=1", self.name(), self.encoded(told))
        super().post(told, feed)
        self.read_back = self._client.get(f"{self._address}/{feed}/springfield/received")


def test_a_sender_may_check_and_read_back_as_often_as_it_likes(heard, tmp_path):
    answers = []

    class Notes(Looks):
        def post(self, told, feed="cad"):
            super().post(told, feed)
            answers.append((self.checked.status_code, self.read_back.status_code))

    one = heard(Notes)

    assert set(answers) == {(200, 403)}
    assert words(one.report, "wrong") == words(one.report, "not_seen") == {}
    assert words(one.recorded(tmp_path), "wrong") == {}
    assert {post.trouble for post in one.posts if post.is_look} == {None}


FOUND = {
    wrong.PostsElsewhere: {"address"},
    wrong.AsksForAnotherAgency: {"address"},
    wrong.SendsUpdatesAsHeartbeats: {"empty", "signature"},
    wrong.SignsWithTheText: {"signature"},
    wrong.PostsAsText: {"content-type"},
    wrong.WritesNoJson: {"body"},
    wrong.WritesLatin1: {"body"},
    wrong.PostsTooMany: {"batch"},
    wrong.PostsEmptySnapshots: {"empty", "heartbeat"},
    wrong.WritesNumbers: {"fields"},
    wrong.WritesCamelCase: {"names", "arrival"},
    wrong.SendsNames: {"persons"},
    wrong.ForgetsItsNumber: {"identity"},
    wrong.UsesUpdateIdsAgain: {"update-id"},
    wrong.HasNoOffset: {"offset"},
    wrong.ClockIsAhead: {"clock"},
    wrong.IsLocalTimeMarkedAsUtc: {"zone"},
    wrong.PollsWithNow: {"as-of"},
    wrong.StampsTheSending: {"as-of", "retry-same"},
    wrong.StampsByTheMinute: {"ties"},
    wrong.RestatesHistory: {"history"},
    wrong.WritesNulls: {"nulls"},
    wrong.TellsListsInParts: {"lists"},
    wrong.RenumbersPeople: {"parties"},
    wrong.WritesPhonesUnreadably: {"phones"},
    wrong.FillsWithFalse: {"contact"},
    wrong.TalksInCodes: {"types"},
    wrong.NeverArrives: {"arrival"},
    wrong.NeverCloses: {"closing"},
    wrong.HidesDrills: {"drill"},
    wrong.UsesOneName: {"webhook-id"},
    wrong.NeverTriesAgain: {"retry"},
    wrong.NamesEachTryAnew: {"retry-same"},
    wrong.StormsAfterFailure: {"retry-pace"},
    wrong.HangsUp: {"patience"},
    wrong.RepeatsTheRefused: {"refused"},
    wrong.HasNoHeartbeat: {"heartbeat"},
}
"""The checks that find each wrong sender. Some are found by two: an empty list is no sign of life, an arrival under a
name that nobody knows never arrives. An `as_of` that moves changes the body. One signature opens one address."""

ONLY_LIVE = {sender: {"heartbeat"} for sender in FOUND} | {wrong.SendsUpdatesAsHeartbeats: {"signature"}}
"""A silence at the end of a recording is none, and only a receiver knows which signatures were used."""


@pytest.mark.parametrize("sender", FOUND, ids=lambda sender: sender.__name__)
def test_each_wrong_sender_is_found_by_the_check_that_it_is_about(heard, sender, tmp_path):
    one = heard(sender)

    assert wrong_in(one.report) == FOUND[sender]
    assert wrong_in(one.recorded(tmp_path)) >= FOUND[sender] - ONLY_LIVE[sender]


def test_every_check_finds_a_sender():
    assert set().union(*FOUND.values()) == {check.name for check in CHECKS}


def test_the_page_for_vendors_has_each_check_and_scene_in_the_same_words():
    page = (ROOT / "docs" / "vendor" / "certify.md").read_text()

    rows = [f"| `{each.name}` | {each.rule} | {each.people} |" for each in CHECKS]
    rows += [f"| {each.name} | {each.play} |" for each in SCENES]
    assert [row for row in rows if row not in page] == []
