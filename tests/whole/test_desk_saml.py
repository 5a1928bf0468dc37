"""Sign-in by an agency's SAML provider, with the stack's own pool between it and the desk: nanoidp is the provider.

A pool that knows one provider leads to it at once, which the emulator does only where it is asked for it by name. Nor
does the browser find the pool's own address on this machine. So both are put right on the way.
"""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Role
from chalicelib.domain.settings.desk import Desk
from rigs.city.cognito import DOMAINS
from tenfour.stack.template import merged
from tests.whole.desk import heading, sign_in, window
from tests.whole.nanoidp import provider, user
from tests.whole.people import now

pytestmark = pytest.mark.whole

DECLARED = merged()["Resources"]["DeskSamlProvider"]["Properties"]
NAME, ROLES = DECLARED["ProviderName"], DECLARED["AttributeMapping"]["custom:roles"]


@pytest.fixture(scope="module")
def idp(stack, inside, tmp_path_factory):
    """Return a provider of SAML that the city's pool knows as the template says."""
    folder, pool = tmp_path_factory.mktemp("saml"), inside.client("cognito-idp")
    named = {"UserPoolId": inside.outputs["DeskUsers"]}
    domain = pool.describe_user_pool(**named)["UserPool"]["Domain"]
    acs = f"https://{domain}.{DOMAINS}/saml2/idpresponse"
    with provider(folder, f"{stack.api}/nowhere", acs, roles=ROLES) as made:
        details = {
            "MetadataURL": f"{made.plain}/saml/sso"
        }  # the emulator reads no metadata, and takes this for the door
        mapping = DECLARED["AttributeMapping"]
        kind = {"ProviderName": NAME, "ProviderType": "SAML"}
        pool.create_identity_provider(**named, **kind, ProviderDetails=details, AttributeMapping=mapping)
        yield made
        pool.delete_identity_provider(**named, ProviderName=NAME)


@pytest.fixture(scope="module")
def elsewhere(inside):
    return behind_the_pool(inside)


def behind_the_pool(inside):
    """Publish an agency whose people come through the pool, which hands their roles on in an attribute of its own."""
    roles = {f"tenfour-{role}": (role,) for role in Role}
    ours = inside.aws.settings.agency("springfield")
    numbers = replace(ours.numbers, sms_from=f"+1{uuid4().int % 10**10:010}")
    desk = Desk(claim="custom:roles", roles=roles)
    ours = replace(ours, agency_id=f"pool{uuid4().hex[:6]}", numbers=numbers, desk=desk)
    return inside.aws.settings.publish(ours, "local", "people who come through the pool", now())


def put_right(page, endpoint, name=NAME):
    """Let the pool lead to its one provider, and let the pool's own address lead to the emulator."""

    def by_name(route):
        route.continue_(url=f"{route.request.url}&identity_provider={name}")

    def to_the_emulator(route):
        asked = urlsplit(route.request.url)
        route.fulfill(response=route.fetch(url=f"{endpoint}{asked.path}?{asked.query}", max_redirects=0))

    page.route("**/oauth2/authorize?*", by_name)
    page.route(f"https://*.{DOMAINS}/**", to_the_emulator)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.WATCH])
def test_somebody_whom_saml_names_has_the_roles_that_it_tells(stack, browser, idp, elsewhere, role):
    with window(browser, ignore_https_errors=True) as page:
        put_right(page, stack.aws_endpoint)
        sign_in(page, stack.desk, user(role), at="**/saml/sso*")
        page.goto(f"{stack.desk}{elsewhere.agency_id}")
        shown, bar = heading(page), page.locator("body").inner_text()

    assert shown == "Now"
    assert ("Stop all texts" in bar) == (role is Role.SUPERVISOR)
