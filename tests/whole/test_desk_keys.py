"""Keys, the ledger and feeds in the running city, by the desk's own function with its own permissions."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

from standardwebhooks import Webhook

from chalicelib.auth import Unauthentic, authenticate
from chalicelib.domain.ledger.what import What
from chalicelib.wiring import KEYS_FRESH, Aws
from tenfour.common.reach import client
from tests.whole.desk import heading, person, sign_in, window
from tests.whole.people import now

BODY = b"{}"


class Elsewhere:
    """Another container of the function that takes webhooks, with a clock that the test moves."""

    def __init__(self, stack, inside) -> None:
        self.at = now()
        reach = partial(client, endpoint=stack.aws_endpoint)
        self.aws = Aws(inside.aws.config, lambda: self.at, reach, inside.aws.connection)

    def lets_in(self, secret):
        self.at += KEYS_FRESH + timedelta(seconds=1)
        signature = Webhook(secret).sign("msg_1", self.at, BODY.decode())
        headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(self.at.timestamp()))}
        try:
            authenticate({**headers, "webhook-signature": signature}, BODY, "cad", self.aws.webhook_keys, self.at)
        except Unauthentic:
            return False
        return True


def test_a_key_is_added_at_the_desk_opens_is_removed_and_the_auditor_reads_all_of_it(stack, inside, browser):
    name, there = f"desk-{uuid4().hex[:8]}", Elsewhere(stack, inside)
    desk = f"{stack.desk}{stack.agency_id}"
    with window(browser) as page:
        sign_in(page, f"{desk}/keys", person(stack, "admin"))
        page.get_by_label("Name").fill(name)
        page.get_by_role("button", name="Add the key").click()
        secret = page.locator(".secret code").inner_text()
        opened = there.lets_in(secret)
        page.goto(f"{desk}/key?name={name}")
        page.get_by_role("button", name=f"Remove {name}").click()
        page.wait_for_url("**/keys")
        left = page.locator("main").inner_text()
        page.goto(f"{desk}/feeds")
        feeds = heading(page)
        page.goto(f"{desk}/sessions")
        sessions = page.locator("main").inner_text()
    with window(browser) as page:
        sign_in(page, f"{desk}/ledger", person(stack, "auditor"))
        told = page.locator(".ledger").inner_text()
        page.goto(f"{desk}/access-review")
        review = page.locator("main").inner_text()

    assert (opened, there.lets_in(secret)) == (True, False)
    assert name not in left
    assert feeds == "Feeds"
    assert "admin" in sessions.casefold(), sessions
    assert f"key {name}: added" in told
    assert f"key {name}: removed" in told
    assert secret not in told
    assert "Roles at sign-in: admin" in review, review
    noted = [one.about for one in inside.aws.ledger.noted(stack.agency_id, now() - timedelta(hours=1), now())]
    assert "as admin" in noted
    assert "the ledger" in noted
    assert [*inside.aws.ledger.noted(stack.agency_id, there.at - timedelta(days=1), there.at, what=What.KEYS_CHANGED)]
