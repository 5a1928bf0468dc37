"""Sign-in by an agency's OpenID Connect provider, with the stack's own pool between it and the desk.

nanoidp is the provider, and the pool has it as the template says. Two things are the emulator's and not AWS's. Its
process trusts no authority of a test, so it is told nanoidp's endpoints, one of them without TLS, where AWS reads
discovery. And it drops a claim that is a list, where AWS joins the values: so people's one role comes as a text here.
"""

from urllib.parse import urlsplit

import pytest

from chalicelib.domain.desk.permissions import Role
from rigs.city.cognito import DOMAINS
from tenfour.stack.template import merged
from tests.whole.desk import heading, sign_in, window
from tests.whole.nanoidp import CLIENT, SECRET, provider, user
from tests.whole.test_desk_saml import behind_the_pool, put_right

pytestmark = pytest.mark.whole

DECLARED = merged()["Resources"]["DeskOidcProvider"]["Properties"]
NAME, MAPPING = DECLARED["ProviderName"], DECLARED["AttributeMapping"]
TOLD = {"oidc_issuer", "client_id", "client_secret"}
"""Details that the template has from its parameters."""


@pytest.fixture
def elsewhere(inside):
    return behind_the_pool(inside)


@pytest.fixture(scope="module")
def idp(stack, inside, tmp_path_factory):
    """Return a provider of OpenID Connect that sends people back to the city's pool."""
    domain = inside.client("cognito-idp").describe_user_pool(UserPoolId=inside.outputs["DeskUsers"])["UserPool"][
        "Domain"
    ]
    back = f"https://{domain}.{DOMAINS}/oauth2/idpresponse"
    with provider(tmp_path_factory.mktemp("oidc"), back, token_endpoint_auth_method="client_secret_post") as made:
        yield made


@pytest.fixture(params=["tenant", "roles"], ids=["a role as a text", "a list of roles"])
def federated(request, inside, idp):
    """Let the pool know the provider, and yield the claim that has people's roles."""
    pool, named = inside.client("cognito-idp"), {"UserPoolId": inside.outputs["DeskUsers"]}
    fixed = {name: value for name, value in DECLARED["ProviderDetails"].items() if name not in TOLD}
    ours = {"oidc_issuer": idp.issuer, "client_id": CLIENT, "client_secret": SECRET}
    found = {"authorize_url": f"{idp.issuer}/authorize", "token_url": f"{idp.plain}/token"}
    pool.create_identity_provider(
        **named,
        ProviderName=NAME,
        ProviderType=DECLARED["ProviderType"],
        ProviderDetails={**fixed, **ours, **found},
        AttributeMapping={**MAPPING, "custom:roles": request.param},
    )
    yield request.param
    pool.delete_identity_provider(**named, ProviderName=NAME)


def lead_on(page, idp, endpoint):
    """Let nanoidp's way back to the pool lead to the emulator: a browser's redirect can't be put right on its way."""

    def onward(route):
        answer = route.fetch(max_redirects=0)
        headers = dict(answer.headers)
        where = urlsplit(headers.get("location", ""))
        if where.netloc.endswith(DOMAINS):
            headers["location"] = f"{endpoint}{where.path}?{where.query}"
        route.fulfill(response=answer, headers=headers)

    page.route(f"{idp.issuer}/**", onward)


def test_somebody_whom_the_agencys_provider_names_is_signed_in_through_the_pool(
    stack, inside, browser, idp, elsewhere, federated
):
    seen = []
    with window(browser, ignore_https_errors=True) as page:
        put_right(page, stack.aws_endpoint, NAME)
        lead_on(page, idp, stack.aws_endpoint)
        page.on("request", lambda request: seen.append(request.url))
        who = user(Role.SUPERVISOR if federated == "tenant" else Role.WATCH)
        sign_in(page, stack.desk, who, at=f"{idp.issuer}/**")
        page.goto(f"{stack.desk}{elsewhere.agency_id}")
        shown, bar = heading(page), page.locator("body").inner_text()

    assert any("/oauth2/idpresponse?" in url for url in seen)
    assert any("/signed-in?" in url for url in seen)
    if federated == "tenant":
        assert shown == "Now"
        assert "Stop all texts" in bar
    else:  # the emulator has dropped the list: somebody is signed in who has no role, and is told so
        assert shown != "Now"
        assert "Sign out" in bar


def test_the_template_tells_cognito_all_that_it_documents_for_openid_connect():
    """`ProviderDetails` of CreateIdentityProvider in AWS's reference: endpoints come by discovery of `oidc_issuer`."""
    assert DECLARED["ProviderDetails"].keys() == {*TOLD, "attributes_request_method", "authorize_scopes"}
    assert DECLARED["ProviderDetails"]["attributes_request_method"] in {"GET", "POST"}
    assert DECLARED["ProviderDetails"]["authorize_scopes"].split()[0] == "openid"
    assert (MAPPING["username"], MAPPING["custom:roles"]) == ("sub", "roles")
