"""A rehearsal goes on after a failure, takes all away, claims nothing of others, and tells no id."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from botocore.stub import Stubber
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.domain.notifications.notification import State
from chalicelib.virtual.world import MemoryPorts
from rigs.city.serve import address, bound_socket, serving
from tenfour.common.errors import CityFailed
from tenfour.common.reach import client
from tenfour.stack import rehearse as flow
from tenfour.stack import rehearse_away, rehearse_receipts
from tenfour.stack import rehearse_trials as trials
from tenfour.stack.deploy import Wanted
from tenfour.stack.destroy import Keeper
from tenfour.stack.package import Package
from tenfour.stack.place import Place
from tenfour.stack.rehearse import ALONE, Book, alone, names_of, rehearse
from tenfour.stack.rehearse_away import AWAY, empty_out, free_log_role, look_behind, take_away
from tenfour.stack.rehearse_bench import Bench, NotTried
from tenfour.stack.rehearse_ledger import look_at_ledger
from tenfour.stack.rehearse_receipts import await_receipts, expect
from tenfour.stack.rehearse_report import Rehearsal, Step, as_markdown, masked, without_ids
from tenfour.stack.rehearse_trials import TRIALS, check_text, raise_alarm, send_email, send_text
from tenfour.stack.template import merged
from tests.factories import agency, row
from tests.tenfour.fake_account import Account, number
from tests.tenfour.test_deploy import NOBODY, at

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WANTED = Wanted(packaged=Package("template.json", "code.zip"), agency=agency())
UUID = "0b7c1f6e-54c2-4b8e-9a34-1d2e3f405162"
IDS = st.sampled_from(
    (
        ("123456789012", "123456789012"),
        ("arn:aws:sts::123456789012:assumed-role/Deployer/jane.doe", "jane"),
        ("+13035550199", "0199"),
        ("jane.doe@city.example", "jane"),
        (UUID, "54c2"),
        ("https://a1b2c3d4e5.execute-api.us-west-2.amazonaws.com/api", "a1b2c3d4e5"),
        ("whsec_c2VjcmV0", "c2Vj"),
        ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
        ("registration-0a1b2c3d", "0a1b2c3d"),
        ("phone-0123456789abcdef0123456789abcdef", "0123456789abcdef"),
        ("tenfour-artifacts-123456789012-us-west-2", "123456789012"),
        ("springfield", "springfield"),
    )
)
WORDS = st.sampled_from((" ", ", ", "'", '"', "(", ") ", ": ", "/ ", "\n", " is not authorized; "))


def place_with(stage=flow.STAGE, **clients):
    """Return a place where these services answer as a test says."""
    there = at(NOBODY)
    return Place(
        account="123456789012",
        region="us-west-2",
        partition="aws",
        stage=stage,
        client=lambda name, **_: clients.get(name.replace("-", "_")) or there.client(name),
    )


def stubbed(service, *answers):
    """Return a client with these answers in their order, and its stub; a text is an error's code."""
    made = client(service, NOBODY)
    stub = Stubber(made)
    for operation, answer in answers:
        if isinstance(answer, str):
            stub.add_client_error(operation, answer, answer)
        else:
            stub.add_response(operation, answer)
    stub.activate()
    return made, stub


def no_stack():
    """Return what is asked before a rehearsal begins, of an account that has a role for logs and no stack."""
    formation, _ = stubbed("cloudformation", ("describe_stacks", "ValidationError"))
    gateway, _ = stubbed("apigateway", ("get_account", {"cloudwatchRoleArn": "arn:aws:iam::1:role/of-the-account"}))
    return {"cloudformation": formation, "apigateway": gateway}


def bench(outputs=None, wanted=WANTED, **clients):
    made = Bench(place_with(**clients), wanted)
    made.outputs = outputs or {}
    return made


@given(st.lists(st.tuples(WORDS, IDS), min_size=1, max_size=6))
@example([(" ", ("+13035550199", "0199")), ("", ("123456789012", "123456789012"))])
def test_no_id_is_left_on_a_page_wherever_it_stands(parts):
    text = "".join(word + told for word, (told, _) in parts)

    left = masked(text, ("springfield",))
    glued = all(word for word, _ in parts)
    assert not glued or not [secret for _, (_, secret) in parts if secret in left], left


def test_public_simulators_and_plain_words_stay():
    text = (
        "+14254147755, success@simulator.amazonses.com: us-west-2, --number-type SIMULATOR, request-phone-number, 401"
    )

    assert masked(text, ("springfield",)) == text


def test_masking_twice_changes_nothing_more():
    text = f"123456789012 {UUID} +13035550199 jane@city.example"

    assert masked(masked(text)) == masked(text) == "ACCOUNT ID PHONE EMAIL"


def test_a_step_that_fails_keeps_neither_later_ones_nor_the_end_from_running(monkeypatch):
    def fails(_):
        yield "so far"
        raise ValueError("broken") from KeyError("behind it")

    def left_out(_):
        yield from ()
        raise NotTried("no number")

    def runs(_):
        yield "done"

    monkeypatch.setattr(flow, "BUILD", (("one", "a", fails), ("two", "b", left_out)))
    monkeypatch.setattr(flow, "TRIALS", (("three", "c", runs),))
    monkeypatch.setattr(flow, "AWAY", (("four", "d", fails), ("five", "e", runs)))
    told = []

    done = rehearse(place_with(**no_stack()), WANTED, told.append)

    assert [step.outcome for step in done.steps] == ["failed", "not tried", "ok", "failed", "ok"]
    assert done.steps[0].came == ("so far", "ValueError: broken", "KeyError: 'behind it'")
    assert (done.failed, len(told)) == (True, 5)
    assert all(0 < step.seconds < 60 for step in done.steps)


def test_a_rehearsal_that_somebody_stops_takes_all_away(monkeypatch):
    def stopped(_):
        yield "so far"
        raise KeyboardInterrupt

    monkeypatch.setattr(flow, "BUILD", (("one", "a", stopped), ("two", "b", stopped)))
    monkeypatch.setattr(flow, "AWAY", (("away", "c", lambda _: ("gone",)),))

    done = rehearse(place_with(**no_stack()), WANTED, lambda _: None)

    assert [step.name for step in done.steps] == ["interrupted", "away"]


@pytest.mark.parametrize(
    ("stage", "account", "status", "says"),
    [
        ("prod", None, None, "prod is another"),
        (flow.STAGE, "999", None, "sign in to 999"),
        (flow.STAGE, None, "CREATE_COMPLETE", "`tenfour destroy --stage rehearsal --delete-data tenfour-rehearsal`"),
    ],
)
def test_a_rehearsal_never_begins_where_it_would_delete_what_is_not_its_own(stage, account, status, says):
    stack = {"StackName": "tenfour-rehearsal", "CreationTime": AT, "StackStatus": status or "DELETE_COMPLETE"}
    formation, _ = stubbed("cloudformation", ("describe_stacks", {"Stacks": [stack]}))

    with pytest.raises(CityFailed, match=says):
        rehearse(place_with(stage, cloudformation=formation), replace(WANTED, account=account), lambda _: None)


def test_a_rehearsal_is_in_shadow_and_claims_nothing_that_only_one_stack_can_have():
    wanted = alone(replace(WANTED, agency=agency(mode="live")), "arn:aws:iam::123456789012:role/other")

    assert wanted.agency.mode == "shadow"
    assert wanted.parameters == ALONE | {"ReserveConcurrency": "false", "MakeApiLogRole": "false"}
    assert wanted.parameters.keys() <= merged()["Parameters"].keys()


def test_what_somebody_says_counts_unless_only_one_stack_can_have_it():
    said = replace(WANTED, parameters={"ReserveConcurrency": "true", "WebAcl": "true"})

    assert alone(said, "").parameters["ReserveConcurrency"] == "true"
    assert alone(said, "").parameters["MakeApiLogRole"] == "true"


@pytest.mark.parametrize(
    ("name", "value", "log_role"),
    [
        ("EmailDomain", "city.example", ""),
        ("MakeApiLogRole", "true", "arn:aws:iam::123456789012:role/of-another-stack"),
    ],
)
def test_what_another_stack_may_have_is_refused(name, value, log_role):
    with pytest.raises(CityFailed, match=f"--parameter {name}: leave it out"):
        alone(replace(WANTED, parameters={name: value}), log_role)


@pytest.mark.parametrize("address", ["https://calls.city.example", "https://127.0.0.1.city.example", "calls"])
def test_a_rehearsal_knocks_at_no_address_but_its_own(address):
    """The agency's own domain leads to another stack, which would be posted an exercise."""
    with pytest.raises(CityFailed, match="--address: leave it out"):
        alone(replace(WANTED, address=address), "")


def test_an_emulators_door_stands_on_this_machine():
    assert alone(replace(WANTED, address="http://127.0.0.1:8080"), "").address == "http://127.0.0.1:8080"


@pytest.mark.parametrize("name", ["EmailDomain", "TextNumbers", "PublicDomain", "CadDomain", "AlarmEmail"])
def test_parameters_that_name_something_of_the_agencys_are_left_out(name):
    assert ALONE[name] == ""


def test_without_a_stack_its_parts_are_not_tried_and_nothing_is_taken_away():
    told = []
    for trial in (*TRIALS, *(each for each in AWAY if each[2] is not free_log_role)):
        Book(told.append, []).run(bench(), trial)

    assert {step.outcome for step in told} == {"not tried"}


@pytest.mark.parametrize(
    ("numbers", "sender"),
    [
        ([number(PhoneNumber="+13035550150"), number()], "+13035550199"),
        ([number(Status="PENDING"), number(PhoneNumber="+13035550150", NumberType="SIMULATOR")], "+13035550150"),
        ([number(Status="PENDING")], None),
        ([number(NumberCapabilities=["VOICE"])], None),
        ([], None),
    ],
)
def test_a_text_goes_from_the_settings_number_else_from_any_that_is_active(monkeypatch, numbers, sender):
    monkeypatch.setattr(trials, "expect", lambda *_: row().key)
    account, held = Account(numbers=numbers), bound_socket(0)
    wanted = replace(WANTED, agency=agency(numbers=replace(agency().numbers, sms_from="+13035550199")))
    told = []
    with serving(account.app(), held):
        made = bench({"Hints": "there"}, wanted)
        made.place = replace(made.place, client=lambda name, **_: at(address(held)).client(name))
        for trial in (("checked", "", check_text), ("sent", "", send_text)):
            Book(told.append, []).run(made, trial)

    assert [text["OriginationIdentity"] for text in account.texts] == [sender] * (2 if sender else 0)
    assert {step.outcome for step in told} == {"ok" if sender else "not tried"}
    assert sender or "--number-type SIMULATOR" in told[0].came[0]


@pytest.mark.parametrize(
    ("settings", "verified", "says"),
    [(agency(), False, "is not verified"), (None, True, "no settings were given")],
)
def test_an_email_that_nobody_may_send_is_not_tried(settings, verified, says):
    account, held, told = Account(verified=verified), bound_socket(0), []
    with serving(account.app(), held):
        made = bench({"Hints": "there"}, replace(WANTED, agency=settings))
        made.place = replace(made.place, client=lambda name, **_: at(address(held)).client(name))
        Book(told.append, []).run(made, ("email", "", send_email))

    assert (told[0].outcome, account.emails) == ("not tried", [])
    assert says in told[0].came[0]


def test_a_refusal_is_told_in_awss_own_words(monkeypatch):
    monkeypatch.setattr(trials, "expect", lambda *_: row().key)
    account, held, told = Account(denied="SendTextMessage"), bound_socket(0), []
    with serving(account.app(), held):
        made = bench({"Hints": "there"})
        made.place = replace(made.place, client=lambda name, **_: at(address(held)).client(name))
        Book(told.append, []).run(made, ("sent", "", send_text))

    assert told[0].outcome == "failed"
    assert "AccessDeniedException" in " ".join(told[0].came)


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({"sms": State.DELIVERED, "email": State.SENT}, "ok"),
        ({"sms": State.UNDELIVERED, "email": State.SENT}, "ok"),
        ({"sms": State.DELIVERED}, "failed"),
        ({}, "failed"),
    ],
)
def test_receipts_are_awaited_and_one_that_is_missing_is_named(monkeypatch, told, outcome):
    monkeypatch.setattr(rehearse_receipts, "TOLD_WITHIN", 0.0)
    made, steps = bench({"Hints": "there"}), []
    store = MemoryPorts().incidents
    made.aws = lambda: SimpleNamespace(incidents=store)
    made.taken = [expect(made, channel, "someone") for channel in ("sms", "email")]
    for key in made.taken:
        if key.recipient in told:
            written = store.load(key.incident).rows[key]
            store.put(written.moved(told[key.recipient], AT))

    Book(steps.append, []).run(made, ("receipts", "", await_receipts))

    assert steps[0].outcome == outcome
    silent = {"sms", "email"} - told.keys()
    assert all(name in steps[0].came[-1] for name in silent)


def test_the_row_of_a_rehearsed_message_is_not_due_before_the_rehearsal_ends():
    made = bench({"Hints": "there"})
    store = MemoryPorts().incidents
    made.aws = lambda: SimpleNamespace(incidents=store)
    key = expect(made, "sms", "someone")

    left = store.load(key.incident).rows[key].send_at - datetime.now(UTC)
    assert left > timedelta(minutes=50)


def test_an_alarm_that_is_not_in_its_history_fails(monkeypatch):
    monkeypatch.setattr("tenfour.stack.rehearse_trials.SEEN_WITHIN", 0.0)
    alarm = {"AlarmName": "tenfour-rehearsal-Old"}
    watch, _ = stubbed(
        "cloudwatch",
        ("describe_alarms", {"MetricAlarms": [alarm]}),
        ("set_alarm_state", {}),
        ("describe_alarm_history", {"AlarmHistoryItems": []}),
    )

    with pytest.raises(CityFailed, match="knows nothing"):
        list(raise_alarm(bench({"Hints": "there"}, cloudwatch=watch)))


LOCK = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}}


@pytest.mark.parametrize(
    ("protected", "state", "lock", "came"),
    [
        (True, "Enabled", {"ObjectLockConfiguration": LOCK}, ()),
        (False, "Enabled", {"ObjectLockConfiguration": LOCK}, ("its table can be deleted",)),
        (True, "Disabled", {"ObjectLockConfiguration": LOCK}, ("no function follows its table",)),
        (True, "Enabled", "ObjectLockConfigurationNotFoundError", ("ObjectLockConfigurationNotFoundError",)),
    ],
)
def test_a_ledger_that_somebody_could_delete_or_nobody_copies_fails(protected, state, lock, came):
    table = {"DeletionProtectionEnabled": protected, "LatestStreamArn": "arn:aws:dynamodb:us-west-2:1:table/l/stream/1"}
    database, _ = stubbed("dynamodb", ("describe_table", {"Table": table}))
    copies, _ = stubbed("s3", ("get_object_lock_configuration", lock))
    functions, _ = stubbed("lambda", ("list_event_source_mappings", {"EventSourceMappings": [{"State": state}]}))
    made = bench({"Ledger": "l", "LedgerCopies": "c"}, dynamodb=database, s3=copies, **{"lambda": functions})
    told = []

    Book(told.append, []).run(made, ("ledger", "", look_at_ledger))

    assert told[0].outcome == ("failed" if came else "ok")
    assert all(words in " ".join(told[0].came) for words in came)


def test_one_thing_that_stays_keeps_no_other_from_being_deleted():
    secrets, secret = stubbed("secretsmanager", ("delete_secret", "AccessDeniedException"))
    keys, key = stubbed("kms", ("schedule_key_deletion", {}))
    made = bench(secretsmanager=secrets, kms=keys)
    made.kept = [Keeper("AWS::KMS::Key", "DataKey", "key"), Keeper("AWS::SecretsManager::Secret", "RootKey", "secret")]
    told = []

    Book(told.append, []).run(made, ("data", "", empty_out))

    secret.assert_no_pending_responses()
    key.assert_no_pending_responses()
    assert told[0].outcome == "failed"
    assert told[0].came[0].startswith("stays: RootKey")


@pytest.mark.parametrize(
    ("listed", "outcome"),
    [([["tenfour-rehearsal-Incidents-1"], []], "ok"), ([["tenfour-rehearsal-Incidents-1"]], "failed")],
)
def test_a_table_that_is_being_deleted_is_waited_for_and_one_that_stays_is_named(monkeypatch, listed, outcome):
    monkeypatch.setattr(rehearse_away, "GONE_WITHIN", 600.0 if outcome == "ok" else 0.0)
    monkeypatch.setattr(rehearse_away.time, "sleep", lambda _: None)
    rounds = len(listed)
    tables, _ = stubbed(
        "dynamodb", *(("list_tables", {"TableNames": ["tenfour-Incidents-1", *names]}) for names in listed)
    )
    buckets, _ = stubbed("s3", *[("list_buckets", {"Buckets": [{"Name": "tenfour-lake"}]})] * rounds)
    functions, _ = stubbed("lambda", *[("list_functions", {"Functions": []})] * rounds)
    made, told = bench(dynamodb=tables, s3=buckets, **{"lambda": functions}), []
    made.asked_for_stack = True

    Book(told.append, []).run(made, ("left", "", look_behind))

    assert told[0].outcome == outcome
    assert told[0].came[0] == ("left: nothing" if outcome == "ok" else "left: tenfour-rehearsal-Incidents-1")


def test_the_role_for_logs_goes_only_if_the_rehearsal_made_it():
    ours = "tenfour-rehearsal-ApiAccountRole-1A2B"
    gateway, cleared = stubbed(
        "apigateway",
        ("get_account", {"cloudwatchRoleArn": f"arn:aws:iam::123456789012:role/{ours}"}),
        ("update_account", {}),
    )
    attached = {"AttachedPolicies": [{"PolicyName": "logs", "PolicyArn": "arn:aws:iam::aws:policy/service-role/Logs"}]}
    roles, deleted = stubbed(
        "iam", ("list_attached_role_policies", attached), ("detach_role_policy", {}), ("delete_role", {})
    )
    list(free_log_role(bench(apigateway=gateway, iam=roles)))
    other, _ = stubbed(
        "apigateway", ("get_account", {"cloudwatchRoleArn": "arn:aws:iam::1:role/tenfour-ApiAccountRole"})
    )

    cleared.assert_no_pending_responses()
    deleted.assert_no_pending_responses()
    with pytest.raises(NotTried):
        list(free_log_role(bench(apigateway=other)))


def test_a_stack_that_nobody_asked_for_is_not_deleted():
    with pytest.raises(NotTried):
        list(take_away(bench()))


def test_the_page_has_each_step_with_its_words_and_masks():
    steps = (
        Step(name="account", asked="limits", outcome="ok", came=("ok account: 123456789012",), seconds=4.2),
        Step(name="stack", asked="cloudformation", outcome="failed", came=("```\nspringfield.example is taken",)),
        Step(name="alarm", asked="cloudwatch", outcome="not tried", came=()),
    )
    told = Rehearsal(
        began_at=AT,
        ended_at=AT.replace(minute=12),
        partition="aws",
        region="us-west-2",
        python="3.11.9",
        steps=without_ids(steps, names_of(agency())),
    )

    page = as_markdown(told)

    assert "Steps that went well: 1. Failed: 1. Not tried: 1." in page
    assert "| ✓ | account | ok | 4 |" in page
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## ✓ account",
        "## ✗ stack",
        "## · alarm",
    ]
    assert ("ok account: ACCOUNT" in page, "(nothing)" in page, "123456789012" in page) == (True, True, False)
    assert "springfield" not in page
    assert page.count("```") == 6
