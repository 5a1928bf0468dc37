"""Each finding about an account says what to do; nothing that holds data is replaced."""

import zipfile
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from botocore.config import Config
from botocore.stub import Stubber
from msgspec.structs import replace

from chalicelib.domain.settings.providers import Providers
from chalicelib.insight.keys.make import fresh_key
from chalicelib.insight.keys.ring import KeyRing, KeyTaken
from rigs.city.serve import address, bound_socket, serving
from tenfour.common.errors import CityFailed
from tenfour.common.reach import client
from tenfour.common.screen import Screen
from tenfour.stack.change import ChangeSet, ResourceChange
from tenfour.stack.check_carriers import check_email, check_texts
from tenfour.stack.check_index import REMINDER, lacks_index, remind
from tenfour.stack.check_quotas import check_api, check_functions
from tenfour.stack.check_sharing import check_sharing
from tenfour.stack.checks import look_around
from tenfour.stack.deploy import check_package, effective, refuse_to_lose_data, send_by_twilio
from tenfour.stack.finding import Finding
from tenfour.stack.package import Package
from tenfour.stack.place import Place, open_place, stack_name
from tenfour.stack.show import show_changes, show_finding
from tenfour.stack.template import merged
from tests import command
from tests.factories import NOW, agency
from tests.tenfour.fake_account import KEYWORDS, TOPIC, Account, number, pool, registration

TEMPLATE = merged()
NO_FUNCTIONS = {"Resources": {}}
NOBODY = "http://127.0.0.1:9"


def found(check, ours=None, **changes):
    """Return what a check of carriers says of an account that is ready but for these changes."""
    held = bound_socket(0)
    with serving(Account(**changes).app(), held):
        return list(check(at(address(held)), ours))


def at(carriers=NOBODY, region="us-west-2", partition="aws"):
    """Return a place whose carriers answer there, and nothing else does."""

    def reach(service):
        endpoint = carriers if service in ("pinpoint-sms-voice-v2", "sesv2") else NOBODY
        return client(service, endpoint, Config(retries={"total_max_attempts": 1}))

    return Place(account="123456789012", region=region, partition=partition, stage="prod", client=reach)


def stubbed(service, operation, answer):
    made = client(service, NOBODY)
    stub = Stubber(made)
    stub.add_response(operation, answer)
    stub.activate()
    return made


IN_POOL = {"numbers": [number(PoolId="pool-1", SelfManagedOptOutsEnabled=False, TwoWayEnabled=False)]}
"""A number in a pool: the pool's settings count, the number's own do not."""


def texts(replies="", pooled=(), **changes):
    """Return what the check of texts says where the stack has a topic for replies, or numbers for a pool."""
    return found(lambda place, ours: check_texts(place, ours, pooled, lambda: replies), agency(), **changes)


def test_a_stop_to_a_number_or_a_pool_must_come_to_this_stack():
    elsewhere = TOPIC.replace("tenfour", "tenfour-test")

    for changes in ({}, IN_POOL):
        assert {finding.level for finding in texts(TOPIC, **changes)} == {"ok"}
        (todo,) = [finding for finding in texts(elsewhere, **changes) if finding.level != "ok"]
        assert f"sends answers to {TOPIC}, so STOP is not heard here: send them to {elsewhere}" in todo.says


def test_before_there_is_a_stack_nobody_says_that_stop_is_heard():
    assert any("and STOP is heard here" in finding.says for finding in texts(TOPIC))
    assert not any("STOP is heard here" in finding.says for finding in texts())
    assert any(f"send its answers ({TOPIC}) to RepliesTopic" in finding.says for finding in texts())


def test_a_number_that_this_deployment_puts_into_its_pool_need_not_be_set_by_hand():
    bare = number(TwoWayEnabled=False, SelfManagedOptOutsEnabled=False)

    assert {finding.level for finding in texts(TOPIC, [bare["PhoneNumberArn"]], numbers=[bare])} == {"ok"}
    assert {finding.level for finding in texts(TOPIC, numbers=[bare])} == {"ok", "live"}


def test_a_toll_free_number_needs_no_self_managed_opt_outs():
    numbers = [number(NumberType="TOLL_FREE", SelfManagedOptOutsEnabled=False)]
    told = texts(TOPIC, numbers=numbers)

    assert {finding.level for finding in told} == {"ok"}
    assert any("its carrier takes STOP alone" in finding.says for finding in told)


def test_a_pool_takes_no_toll_free_number_and_only_numbers_with_equal_settings():
    other = number(PhoneNumberArn="arn:other", PhoneNumber="+13035550198", TwoWayEnabled=False, OptOutListName="own")
    toll_free = number(NumberType="TOLL_FREE")
    ours = number()["PhoneNumberArn"]

    (refused,) = [each for each in texts(pooled=[ours], numbers=[toll_free]) if each.level == "stop"]
    assert "is toll-free and can't be in TextNumbers" in refused.says
    (unequal,) = [each for each in texts(pooled=[ours, "arn:other"], numbers=[number(), other]) if each.level == "stop"]
    assert "they differ in OptOutListName, TwoWayEnabled" in unequal.says
    assert not [each for each in texts(pooled=[ours], numbers=[number(), other]) if each.level == "stop"]


def test_an_account_that_is_ready_has_nothing_to_do():
    told = [*found(check_texts, agency()), *found(check_email, agency())]

    assert {finding.level for finding in told} == {"ok"}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"tier": "SANDBOX"}, "ask AWS Support to move End User Messaging to production"),
        ({"limit": 1}, "texts stop at $1 a month, less than $100: `aws pinpoint-sms-voice-v2 set-text-message-spend"),
        ({"limit": 1, "most": 1}, "ask AWS Support for an SMS spend limit increase"),
        ({"registrations": []}, "no number is registered: begin today (docs/agency/launch.md)"),
        ({"registrations": [registration("CLOSED")]}, "no number is registered"),
        ({"registrations": [registration("REVIEWING")]}, "is with the carriers (REVIEWING): wait"),
        ({"registrations": [registration("REQUIRES_UPDATES")]}, "was sent back: read why"),
        ({"registrations": [registration("CREATED")]}, "was never submitted"),
        ({"numbers": []}, "+13035550199, the settings' numbers.sms_from, is not in this account and region"),
        ({"numbers": [number(Status="PENDING")]}, "+13035550199 is PENDING"),
        ({"numbers": [number(TwoWayEnabled=False)]}, "STOP is not heard here"),
        ({"numbers": [number(SelfManagedOptOutsEnabled=False)]}, "AWS answers STOP and HELP itself"),
        ({"keywords": (*KEYWORDS, "CANCEL", "END")}, "AWS acts on texts that begin with CANCEL, END"),
        (IN_POOL | {"pool": pool(SelfManagedOptOutsEnabled=False)}, "+13035550199 in pool-1: AWS answers STOP"),
        (IN_POOL | {"pool": pool(TwoWayEnabled=False)}, "+13035550199 in pool-1 takes no answers"),
        (IN_POOL | {"keywords": (*KEYWORDS, "BAJA")}, "AWS acts on texts that begin with BAJA"),
    ],
)
def test_what_keeps_texts_from_going_says_what_to_do(changes, says):
    (todo,) = [finding for finding in found(check_texts, agency(), **changes) if finding.level != "ok"]

    assert (todo.level, says in todo.says) == ("live", True), todo


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"production": False}, "ask for production access"),
        ({"sending": False}, "SES has paused this account"),
        ({"verified": False}, "springfield.example is not verified"),
    ],
)
def test_what_keeps_emails_from_going_says_what_to_do(changes, says):
    (todo,) = [finding for finding in found(check_email, agency(), **changes) if finding.level != "ok"]

    assert (todo.level, says in todo.says) == ("live", True), todo


@pytest.mark.parametrize(
    ("providers", "policy", "says"),
    [
        (("end_user_messaging",), "", False),
        (("end_user_messaging", "sns"), "", True),
        (("end_user_messaging", "sns"), '{"Principal": {"Service": "connect.amazonaws.com"}}', True),
        (("end_user_messaging", "sns"), '{"Principal": {"Service": "sns.amazonaws.com"}}', False),
    ],
)
def test_sns_sends_only_by_a_number_that_says_so(providers, policy, says):
    ours = replace(agency(), providers=Providers(sms=providers))

    todo = found(check_sharing, ours, policy=policy)

    assert [(each.level, "allow sns.amazonaws.com" in each.says) for each in todo] == [("live", True)] * says


def test_without_settings_any_number_will_do():
    todo = [finding.says for finding in found(check_texts, None, numbers=[]) if finding.level == "live"]

    assert todo == ["no number to send from: request one, End User Messaging, Phone numbers"]


def test_what_may_not_be_read_stops_it_with_the_action_that_is_missing():
    held = bound_socket(0)
    with serving(Account(denied="DescribeSpendLimits").app(), held):
        told = list(look_around(at(address(held)), NO_FUNCTIONS, None, None))

    assert (
        Finding(
            "stop", "texts", "DescribeSpendLimits answered AccessDeniedException: let this role call it, or ask who may"
        )
        in told
    )


@pytest.mark.parametrize(
    ("region", "partition", "level", "says"),
    [
        ("us-west-2", "aws", "ok", "us-west-2 in aws"),
        ("us-gov-west-1", "aws-us-gov", "ok", "AWS_USE_FIPS_ENDPOINT=true"),
        ("us-gov-east-1", "aws", "stop", "us-gov-east-1 is of aws-us-gov, the credentials of aws"),
        ("us-nowhere-1", "aws", "stop", "has no End User Messaging: choose one of"),
    ],
)
def test_a_region_is_of_the_credentials_partition_and_has_what_is_needed(region, partition, level, says):
    told = list(look_around(at(NOBODY, region, partition), NO_FUNCTIONS, None, None))

    (judged,) = [finding for finding in told if finding.about == "region"]
    assert (judged.level, says in judged.says) == (level, True), judged


def only(service, operation, answer):
    """Return a place where one operation of one service is answered."""
    return Place(
        account="1",
        region="us-west-2",
        partition="aws",
        stage="prod",
        client=lambda name: stubbed(name, operation, answer) if name == service else at().client(name),
    )


def lambdas(free, ours, allowed=1000):
    """Return a place with so many functions free, and those that a stack of ours keeps, each by its name."""
    limit = {"ConcurrentExecutions": allowed, "UnreservedConcurrentExecutions": free}
    functions = client("lambda", NOBODY)
    stub = Stubber(functions)
    stub.add_response("get_account_settings", {"AccountLimit": limit})
    for name, kept in ours.items():
        told = {"ReservedConcurrentExecutions": kept} if kept else {}
        stub.add_response("get_function_concurrency", told, {"FunctionName": name})
    stub.activate()
    formation = client("cloudformation", NOBODY)
    stack = Stubber(formation)
    common = {"LastUpdatedTimestamp": datetime(2026, 1, 1, tzinfo=UTC), "ResourceStatus": "CREATE_COMPLETE"}
    listed = [
        {**common, "ResourceType": "AWS::Lambda::Function", "LogicalResourceId": name, "PhysicalResourceId": name}
        for name in ours
    ]
    if ours:
        stack.add_response("list_stack_resources", {"StackResourceSummaries": listed})
    else:
        stack.add_client_error("list_stack_resources", "ValidationError", "Stack with id tenfour does not exist")
    stack.activate()
    made = {"lambda": functions, "cloudformation": formation}
    return Place(account="1", region="us-west-2", partition="aws", stage="prod", client=made.__getitem__)


@pytest.mark.parametrize(
    ("free", "ours", "reserves", "level"),
    [
        (10, {}, "true", "stop"),
        (189, {}, "true", "stop"),  # of 1,000, others may keep the rest
        (190, {}, "true", "ok"),
        (100, {"Intake": 40, "Pages": 50, "Sweep": 0}, "true", "ok"),
        (100, {"Intake": 40, "Pages": 49, "Sweep": 0}, "true", "stop"),
        (10, {}, "false", "live"),
    ],
)
def test_what_others_leave_free_covers_what_is_reserved_and_what_lambda_keeps(free, ours, reserves, level):
    (judged,) = check_functions(lambdas(free, ours), TEMPLATE, {"ReserveConcurrency": reserves})

    assert judged.level == level
    assert ("L-B99A9384" in judged.says) == (level != "ok")
    assert ("ReserveConcurrency=" in judged.says) == (level != "ok")


@pytest.mark.parametrize(
    ("account", "levels", "says"),
    [
        ({"throttleSettings": {"rateLimit": 10000.0, "burstLimit": 5000}}, ["ok", "ok"], "100 are enough"),
        ({"throttleSettings": {"rateLimit": 50.0, "burstLimit": 5000}}, ["stop", "ok"], "50 requests a second"),
        ({}, ["live", "live"], "does not say"),
    ],
)
def test_api_gateway_takes_as_many_as_the_template_lets_through(account, levels, says):
    told = list(check_api(only("apigateway", "get_account", account), TEMPLATE, {"MakeApiLogRole": "true"}))

    assert [judged.level for judged in told] == levels
    assert says in told[0].says


@pytest.mark.parametrize(
    ("role", "makes", "stopped"),
    [
        ("tenfour-ApiAccountRole-1", "true", 0),
        ("theirs", "true", 1),
        ("theirs", "false", 0),
        (None, "true", 0),
        (None, "false", 1),
    ],
)
def test_the_accounts_one_role_for_api_logs_is_there_and_is_not_taken_from_others(role, makes, stopped):
    known = {
        **({"cloudwatchRoleArn": f"arn:aws:iam::1:role/{role}"} if role else {}),
        "throttleSettings": {"rateLimit": 10000.0, "burstLimit": 5000},
    }
    told = check_api(only("apigateway", "get_account", known), TEMPLATE, {"MakeApiLogRole": makes})

    assert sum(judged.level == "stop" for judged in told) == stopped


def test_parameters_are_those_given_then_those_that_were_then_the_defaults():
    known = {"WebAcl": "true", "AlarmEmail": "it@city.example", "GoneByNow": "1"}
    will_be = effective(TEMPLATE, known, {"WebAcl": "false"})

    assert (will_be["WebAcl"], will_be["AlarmEmail"], will_be["LogRetentionDays"]) == (
        "false",
        "it@city.example",
        "400",
    )
    assert will_be.keys() == TEMPLATE["Parameters"].keys()
    with pytest.raises(CityFailed, match="--parameter Alarmemail: there is none; there are AlarmEmail, "):
        effective(TEMPLATE, None, {"Alarmemail": "it@city.example"})


def test_who_sends_by_twilio_gets_a_package_that_can(tmp_path):
    ours = agency()
    theirs = replace(ours, providers=Providers(sms=("end_user_messaging", "twilio")))
    with zipfile.ZipFile(tmp_path / "code.zip", "w") as code:
        code.writestr("app.py", "")
    slim = Package(tmp_path / "template.json", tmp_path / "code.zip")

    assert (send_by_twilio([ours]), send_by_twilio([ours, theirs])) == (False, True)
    assert list(check_package(slim, [ours])) == []
    (refused,) = check_package(slim, [theirs])
    assert (refused.level, "tenfour package --twilio" in refused.says) == ("stop", True)


def test_another_account_than_the_one_that_was_meant_stops_it():
    told = next(iter(look_around(at(), NO_FUNCTIONS, None, "999")))

    assert (told.level, "sign in to 999" in told.says) == ("stop", True)


@pytest.mark.parametrize(
    "kind", ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SecretsManager::Secret"]
)
def test_nothing_that_holds_data_is_replaced(kind):
    class Formation:
        def delete_change_set(self, **names):
            self.withdrawn = names

    formation = Formation()
    place = Place(account="1", region="us-west-2", partition="aws", stage="prod", client=lambda _: formation)
    proposed = ChangeSet("c-1", False, (ResourceChange("Modify", "Incidents", kind, replaced=True),))

    with pytest.raises(CityFailed, match="an empty Incidents"):
        refuse_to_lose_data(proposed, place)
    assert formation.withdrawn == {"StackName": "tenfour", "ChangeSetName": "c-1"}
    refuse_to_lose_data(ChangeSet("c-2", False, (ResourceChange("Modify", "Incidents", kind, replaced=False),)), place)


def test_every_line_fits_a_terminal_and_what_is_replaced_is_named():
    console = Screen(width=80, record=True)
    many = tuple(ResourceChange("Add", f"Thing{n}", "AWS::SQS::Queue", replaced=False) for n in range(30))
    show_changes(
        console, ChangeSet("c", False, (*many, ResourceChange("Modify", "Deliver", "AWS::Lambda::Function", True)))
    )
    show_finding(
        console, Finding("live", "texts", "a line that is much longer than what a terminal of 80 columns has " * 2)
    )

    text = console.export_text()
    assert "add 30, change 1" in text
    assert "Deliver" in text
    assert "Thing7" not in text
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize(
    "copied",
    [
        "arn:aws-us-gov:sns:us-gov-west-1:123456789012:tenfour-first-RepliesTopic-0A1B2C3D4E5F",
        "`aws pinpoint-sms-voice-v2 set-text-message-spend-limit-override --monthly-limit 1000`",
        "https://a1b2c3d4e5.execute-api.us-gov-west-1.amazonaws.com/api/s",
    ],
)
def test_what_somebody_must_copy_stands_whole_on_one_line(copied):
    console = Screen(width=80, record=True)
    show_finding(
        console, Finding("live", "texts", f"STOP is not heard here, whatever the number's own list says: {copied}")
    )

    assert f": {copied}" in console.export_text()


@pytest.mark.parametrize("words", [("deploy",), ("destroy",)])
def test_a_stage_that_is_not_typed_is_the_variables_as_for_other_commands(words, monkeypatch):
    monkeypatch.setenv("TENFOUR_STAGE", "No Such")

    done = command.tenfour(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "TENFOUR_STAGE" in done.stderr


def test_a_stage_that_would_make_a_strange_name_is_refused():
    assert (stack_name("prod"), stack_name("test")) == ("tenfour", "tenfour-test")
    with pytest.raises(CityFailed, match="--stage"):
        open_place("prod/../x")


@pytest.fixture
def ring(stack):
    """Return a key ring in a secret that no other test has."""
    secrets = client("secretsmanager", stack.aws_endpoint)
    made = secrets.create_secret(Name=f"ring-{uuid4().hex}", SecretString='{"webhook_keys": []}')
    return KeyRing(secrets, made["ARN"])


def test_keys_stand_beside_each_other_until_the_old_one_is_removed(ring):
    old, new = (ring.add(fresh_key(name, "cad", "springfield")) for name in ("spring", "summer"))
    ring.add(fresh_key("records", "rms", "springfield", "bearer"))

    assert ring.of("springfield", "cad") == (old, new)
    assert all(key.usable for key in ring.read())
    assert old.secret != new.secret
    with pytest.raises(KeyTaken, match="summer"):
        ring.add(fresh_key("summer", "cad", "springfield"))

    ring.remove("spring")
    assert ring.of("springfield", "cad") == (new,)
    assert ring.add(fresh_key("autumn", "cad", "springfield", null="silence")) == ring.of("springfield", "cad")[-1]
    assert [key.null for key in ring.of("springfield", "cad")] == ["takes_back", "silence"]
    with pytest.raises(KeyTaken, match="no key 'spring'"):
        ring.remove("spring")


class Searchable:
    """Agencies whose calls are all in the index, and perhaps a pass that has not come to its end."""

    def __init__(self, *agencies, unfinished=None):
        self.searchable, self._agencies, self._unfinished = self, agencies, unfinished

    def since(self, agency_id):
        return NOW if agency_id in self._agencies else None

    def forget(self, agency_id):
        self._agencies = tuple(each for each in self._agencies if each != agency_id)

    def unfinished(self):
        return self._unfinished


@pytest.mark.parametrize(
    ("aws", "agencies", "lacked", "said"),
    [
        (Searchable("springfield"), ["springfield"], False, False),
        (Searchable("springfield"), ["springfield", "shelbyville"], False, True),
        (Searchable("springfield", unfinished="a pass"), ["springfield"], False, True),
        (Searchable("springfield"), ["springfield"], True, True),  # a release without the index was there meanwhile
        (Searchable(), [], True, False),
    ],
)
def test_one_line_reminds_of_calls_that_are_in_no_index(aws, agencies, lacked, said):
    told = []
    remind(aws, agencies, told.append, lacked=lacked)

    assert told == ([REMINDER] if said else [])


@pytest.mark.parametrize(
    ("outputs", "indexes", "lacks"),
    [
        ({}, [], False),
        ({"Incidents": "t"}, [{"IndexName": "due"}], True),
        ({"Incidents": "t"}, [{"IndexName": "due"}, {"IndexName": "recent"}], False),
    ],
)
def test_a_table_without_the_index_is_seen_before_the_update(monkeypatch, outputs, indexes, lacks):
    monkeypatch.setattr("tenfour.stack.check_index.outputs_of", lambda _: outputs)
    told = stubbed("dynamodb", "describe_table", {"Table": {"GlobalSecondaryIndexes": indexes}})

    assert lacks_index(replace(at(), client=lambda _: told)) is lacks
