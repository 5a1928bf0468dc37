"""What the stack makes of the desk's parameters: conditions decided as CloudFormation does, after SAM's transform."""

import json
import re

import msgspec
import pytest

from chalicelib.domain.desk.permissions import Role
from chalicelib.identity.provider import Client
from tests.transformed import COMMERCIAL, GOVERNMENT, transformed

GONE = object()
"""What `AWS::NoValue` leaves."""

WAYS = {
    "as it comes": {},
    "left out": {"Desk": "false"},
    "left out, whatever else is said": {"Desk": "false", "DeskPool": "true", "DeskDomain": "d", "DeskIssuer": "i"},
    "own provider": {"DeskIssuer": "https://idp.example", "DeskClientId": "desk"},
    "pool": {"DeskPool": "true"},
    "pool behind SAML": {"DeskPool": "true", "DeskSamlMetadata": "https://idp.example/metadata"},
    "pool behind OpenID Connect": {"DeskPool": "true", "DeskOidcIssuer": "https://idp.example"},
    "own domain": {"DeskPool": "true", "DeskDomain": "desk.example", "PublicDomain": "tell.example"},
    "public domain": {"DeskPool": "true", "PublicDomain": "tell.example"},
}
DESKS = re.compile("Desk|Sessions$")


class Decided:
    """A template with its conditions decided."""

    def __init__(self, region=COMMERCIAL, **said) -> None:
        self._template = transformed(region)
        self._region, self._said = region, said
        self.resources = {
            name: self.plain(each) for name, each in self._template["Resources"].items() if self._is_there(each)
        }
        self.outputs = {name: each for name, each in self._template["Outputs"].items() if self._is_there(each)}

    def _is_there(self, part):
        return "Condition" not in part or self.holds(part["Condition"])

    def holds(self, name):
        return self._decide(self._template["Conditions"][name])

    def _decide(self, node):
        ((how, parts),) = node.items()
        if how == "Condition":
            return self.holds(parts)
        if how == "Fn::Equals":
            return self._value(parts[0]) == self._value(parts[1])
        if how == "Fn::Not":
            return not self._decide(parts[0])
        return {"Fn::And": all, "Fn::Or": any}[how](map(self._decide, parts))

    def _value(self, node):
        if not isinstance(node, dict):
            return node
        if "Fn::Join" in node:  # a list of nothing is an empty text
            return self._value(node["Fn::Join"][1])
        name = node["Ref"]
        if name == "AWS::Partition":
            return "aws-us-gov" if self._region == GOVERNMENT else "aws"
        return self._said.get(name, self._template["Parameters"][name]["Default"])

    def plain(self, node):
        """Return a part with each `Fn::If` decided."""
        if isinstance(node, dict):
            if "Fn::If" in node:
                name, yes, no = node["Fn::If"]
                return self.plain(yes if self.holds(name) else no)
            if node == {"Ref": "AWS::NoValue"}:
                return GONE
            return {key: value for key, each in node.items() if (value := self.plain(each)) is not GONE}
        if isinstance(node, list):
            return [value for each in node if (value := self.plain(each)) is not GONE]
        return node

    @property
    def parameters(self):
        return self._template["Parameters"].keys()

    def __getitem__(self, name):
        return self.resources[name]["Properties"]


def led_to(node):
    """Yield the names that a part of a template leads to."""
    if isinstance(node, list):
        for each in node:
            yield from led_to(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref":
                yield value
            elif key == "Fn::GetAtt":
                yield value[0]
            elif key == "Fn::Sub":
                text, more = value if isinstance(value, list) else (value, {})
                yield from (name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text) if name not in more)
                yield from led_to(more)
            else:
                yield from led_to(value)


@pytest.mark.parametrize("region", [COMMERCIAL, GOVERNMENT])
@pytest.mark.parametrize("way", WAYS)
def test_whatever_is_said_nothing_leads_to_what_is_not_there(way, region):
    stack = Decided(region, **WAYS[way])
    known = {*stack.resources, *stack.parameters}
    named = {name for name in led_to(stack.resources) if not name.startswith("AWS::")}

    assert named - known == set()
    assert {name for name in led_to(stack.plain(stack.outputs)) if not name.startswith("AWS::")} - known == set()


@pytest.mark.parametrize("way", [way for way in WAYS if "left out" in way])
def test_a_desk_that_is_left_out_leaves_nothing_and_its_addresses_are_served_by_the_pages(way):
    stack = Decided(**WAYS[way])
    (stage,) = (each for each in stack.resources.values() if each["Type"] == "AWS::ApiGateway::Stage")

    assert [name for name in stack.resources if DESKS.match(name)] == []
    assert [name for name in stack.outputs if DESKS.match(name)] == []
    assert stage["Properties"]["Variables"]["desk"] == {"Ref": "Pages"}
    assert "Desk" not in json.dumps(stack["DashboardBody"] if "DashboardBody" in stack.resources else "")


def test_by_itself_there_is_a_desk_that_knows_no_provider_and_no_pool():
    stack = Decided()
    (stage,) = (each for each in stack.resources.values() if each["Type"] == "AWS::ApiGateway::Stage")

    assert stage["Properties"]["Variables"]["desk"] == {"Ref": "DeskPages"}
    assert stack["DeskProvider"]["SecretString"] == "{}"
    assert not [name for name, each in stack.resources.items() if each["Type"].startswith("AWS::Cognito")]


def test_a_change_of_the_parameter_needs_no_other_deployment_of_the_api():
    """The body is the same text either way: only the stage's variable says which function answers."""
    with_desk, without = Decided(), Decided(Desk="false")
    (api,) = (name for name, each in with_desk.resources.items() if each["Type"] == "AWS::ApiGateway::RestApi")

    assert with_desk[api]["Body"] == without[api]["Body"]
    assert "stageVariables.desk" in json.dumps(with_desk[api]["Body"])


def test_only_the_desks_own_function_is_told_of_sessions_and_provider():
    stack = Decided(DeskPool="true")
    told = {
        name
        for name, each in stack.resources.items()
        if each["Type"] == "AWS::Lambda::Function"
        and {"TENFOUR_SESSIONS_TABLE", "TENFOUR_DESK_SECRET"} & each["Properties"]["Environment"]["Variables"].keys()
    }

    assert told == {"DeskPages"}


@pytest.mark.parametrize(("said", "keys"), [({}, False), ({"DeskKeys": "true"}, True)])
def test_the_desk_reads_and_writes_vendors_keys_only_where_the_stack_says_so(said, keys):
    stack = Decided(**said)
    role = stack.plain(stack["DeskPagesRole"])
    named = {name for policy in role["Policies"] for name in led_to(policy["PolicyDocument"]["Statement"])}

    assert ("WebhookKeys" in named) == keys
    assert stack["DeskPages"]["Environment"]["Variables"]["TENFOUR_DESK_KEYS"] == {"Ref": "DeskKeys"}


@pytest.mark.parametrize("way", ["own provider", "pool"])
def test_the_secret_says_what_the_adapter_reads(way):
    document = Decided(**WAYS[way])["DeskProvider"]["SecretString"]["Fn::Sub"]
    text = document[0] if isinstance(document, list) else document
    client = msgspec.json.decode(re.sub(r"\$\{([\w.:]+)\}", r"\1", text), type=Client, strict=True)

    assert set(json.loads(text)) <= set(Client.__struct_fields__)
    assert client.client_id
    assert bool(client.client_secret) == (way == "pool")


@pytest.mark.parametrize(("region", "host"), [(COMMERCIAL, "auth"), (GOVERNMENT, "auth-fips")])
def test_the_pools_sign_out_is_at_the_host_of_its_partition(region, host):
    text, more = Decided(region, DeskPool="true")["DeskProvider"]["SecretString"]["Fn::Sub"]

    assert "https://${DeskUsersDomain}.${Auth}.${AWS::Region}.amazoncognito.com/logout" in text
    assert more == {"Auth": host}


@pytest.mark.parametrize("region", [COMMERCIAL, GOVERNMENT])
def test_the_pool_lets_nobody_in_by_themselves_and_asks_everybody_for_a_second_factor(region):
    stack = Decided(region, DeskPool="true")
    pool, groups = stack["DeskUsers"], [each for name, each in stack.resources.items() if name.startswith("DeskGroup")]

    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert stack.plain(transformed(region)["Parameters"]["DeskPoolMfa"])["Default"] == "ON"
    assert pool["MfaConfiguration"] == {"Ref": "DeskPoolMfa"}
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] >= 14
    assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [{"Name": "admin_only", "Priority": 1}]
    assert pool["DeletionProtection"] == "ACTIVE"
    assert {each["Properties"]["GroupName"] for each in groups} == set(Role)
    assert not {"CustomDomainConfig"} & stack["DeskUsersDomain"].keys()


@pytest.mark.parametrize("way", [way for way in WAYS if way.startswith("pool")])
def test_the_pools_client_gives_codes_alone_and_no_way_to_change_ones_own_roles(way):
    client = Decided(**WAYS[way])["DeskClient"]

    assert client["AllowedOAuthFlows"] == ["code"]
    assert "aws.cognito.signin.user.admin" not in client["AllowedOAuthScopes"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["GenerateSecret"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert ("custom:roles" in client["WriteAttributes"]) == ("behind" in way)  # Cognito writes what the provider says
    assert (
        client["SupportedIdentityProviders"]
        == {
            "pool": ["COGNITO"],
            "pool behind SAML": [{"Ref": "DeskSamlProvider"}],
            "pool behind OpenID Connect": [{"Ref": "DeskOidcProvider"}],
        }[way]
    )


@pytest.mark.parametrize(
    ("way", "address"),
    [
        ("own domain", "https://${DeskDomain}/desk/signed-in"),
        ("public domain", "https://${PublicDomain}/desk/signed-in"),
        ("pool", "https://${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}/api/desk/signed-in"),
    ],
)
def test_people_come_back_to_the_address_at_which_the_desk_is(way, address):
    stack = Decided(**WAYS[way])

    assert stack["DeskClient"]["CallbackURLs"] == [{"Fn::Sub": address}]
    assert {"Fn::Sub": address} in stack["DeskClient"]["LogoutURLs"]
    assert stack.plain(stack.outputs["DeskCallback"]["Value"]) == {"Fn::Sub": address}
