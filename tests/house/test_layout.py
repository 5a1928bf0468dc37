"""Rules about the whole: who may import whom, and every part accounted for where it stands twice."""

import ast
import json
import re
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

import chalicelib
from app import app
from chalicelib import flow
from chalicelib.aws.tables import ContactItem, IncidentItem, LedgerItem, SettingsItem, SurveyItem
from chalicelib.domain.incidents.facts import Facts
from chalicelib.domain.incidents.update import Latch
from chalicelib.domain.lake.tables import TABLES
from chalicelib.domain.names import Kind
from chalicelib.domain.notifications.reasons import Reason
from chalicelib.domain.notifications.retry import LEASE
from chalicelib.inbound.cad.update_fields import PartyBody, UpdateBody
from chalicelib.inbound.mapping.file import Mapping, Source
from chalicelib.ports.notices import SHARED, Metric, Notice
from feed.config import SOURCES, Feed, Folder, View
from feed.eido.settings import Eido
from feed.http.settings import Auth, Http, Pages, Since
from tenfour.common.paths import GENERATED, ROOT, STACK_FILES
from tenfour.figures import document
from tenfour.main import GROUPS, cli
from tenfour.stack import template as stack_template
from tenfour.stack.template import merged
from tests.house.files import files

MAY_IMPORT = {
    "domain": {"domain"},
    "ports": {"domain", "ports"},
    "inbound": {"domain", "inbound"},
    "words": {"words"},
    "flow": {"domain", "flow", "ports"},
    "carriers": {"carriers", "domain", "ports"},
    "identity": {"domain", "identity", "ports"},
    "aws": {"aws", "domain", "ports"},
    "virtual": {"carriers", "domain", "flow", "inbound", "ports", "virtual", "words"},
    "insight": {
        "auth",
        "aws",
        "carriers",
        "domain",
        "flow",
        "inbound",
        "insight",
        "ports",
        "virtual",
        "wiring",
        "words",
    },
    "auth": set(),
    "boundary": set(),
    "config": set(),
    "web": {"auth", "boundary", "carriers", "domain", "flow", "inbound", "insight", "ports", "web", "wiring", "words"},
}
"""Rooms of `chalicelib` and what they may import of it; `wiring` may import everything."""

TOPS_MAY_IMPORT = {
    "chalicelib": {"chalicelib"},
    "feed": {"chalicelib", "feed", "tenfour"},
    "tenfour": {"chalicelib", "feed", "tenfour"},
    "rigs": {"chalicelib", "feed", "rigs", "tenfour"},
}
"""Nothing but tests imports the rigs."""

IMPURE = {"boto3", "botocore", "pynamodb", "os", "time", "random", "chalice", "requests", "httpx", "socket", "pathlib"}
TEMPLATE = merged()
PARTS = {
    "act", "answer", "apart", "ask_provider", "auto_reply", "awaited", "browser", "cancel", "card", "compose",
    "conflicts", "converse", "count_comments", "count_unjudged", "decide", "drill", "due", "duplicates", "follow_up",
    "hand_over", "hints", "identify", "invite", "keep_answer", "lead", "limits", "mail_waiting", "own_phone",
    "page_watchers", "prove", "questions", "refusals", "release", "rest", "send", "send_answer", "send_own_text",
    "settings_of", "sign_in", "silence_people", "standing", "sweep_answers", "tell_desk", "tend", "unclear", "wall",
    "watch_feeds",
}  # fmt: skip
"""Files in flow/ that are not steps of their own, but what several steps, or a person, do."""

FUNCTIONS = {"sweep", "deliver", "record_receipt", "record_reply", "export", "compact"}
SERVERS = {"api_handler", "pages", "callbacks", "desk_pages"}
"""The functions behind the API."""

POLICY = {"desk_pages": "desk"}
"""Functions whose handler and policy have another word: the stack has a parameter of that name."""


@cache
def parsed(path):
    return ast.parse(path.read_text())


@cache
def modules():
    return [(path, parsed(path)) for path in sorted((ROOT / "chalicelib").rglob("*.py"))]


@cache
def imported(tree):
    return list(_imported(tree))


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            if node.module == "chalicelib":
                yield from (f"chalicelib.{alias.name}" for alias in node.names)


def part(path):
    return path.relative_to(ROOT / "chalicelib").parts[0].removesuffix(".py")


@pytest.mark.parametrize("name", MAY_IMPORT)
def test_imports_go_one_way(name):
    for path, tree in modules():
        if part(path) == name:
            ours = {module.split(".")[1] for module in imported(tree) if module.startswith("chalicelib.")}
            assert ours <= MAY_IMPORT[name], path


@pytest.mark.parametrize("top", TOPS_MAY_IMPORT)
def test_the_tops_import_one_way(top):
    for path in (ROOT / top).rglob("*.py"):
        ours = {module.split(".")[0] for module in imported(parsed(path))} & TOPS_MAY_IMPORT.keys()
        assert ours <= TOPS_MAY_IMPORT[top], path


def test_domain_flow_and_tests_have_the_same_rooms():
    rooms = {
        place: {path.parent.name for path in (ROOT / place).glob("*/__init__.py")}
        for place in ("chalicelib/domain", "chalicelib/flow", "tests/domain", "tests/flow")
    }

    assert rooms["chalicelib/domain"] == {
        "incidents",
        "notifications",
        "people",
        "settings",
        "surveys",
        "lake",
        "ledger",
        "desk",
    }
    assert rooms["chalicelib/flow"] == rooms["chalicelib/domain"] - {"settings"}
    assert rooms["tests/domain"] <= rooms["chalicelib/domain"]
    assert rooms["tests/flow"] == rooms["chalicelib/flow"]


def test_the_map_names_every_room():
    map_ = chalicelib.__doc__
    named = {name for line in map_.splitlines() for name in re.findall(r"^ {4}(\w+/)|(\w+\.py)", line) for name in name}
    there = {f"{path.parent.name}/" for path in (ROOT / "chalicelib").glob("*/__init__.py")}
    there |= {path.name for path in (ROOT / "chalicelib").glob("*.py")} - {"__init__.py"}

    assert named - {"", "app.py"} == there


def test_every_part_has_a_rule():
    everywhere = {part(path) for path, _ in modules()} - {"__init__"}

    assert everywhere == {*MAY_IMPORT, "wiring"}


def test_the_domain_has_no_io_no_clock_and_no_environment():
    for path, tree in modules():
        if part(path) == "domain":
            assert not IMPURE & {module.split(".")[0] for module in imported(tree)}, path
            calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
            assert not {"datetime.now", "datetime.utcnow", "date.today", "open", "print"} & calls, path


def test_the_domain_knows_neither_html_nor_http():
    said = re.compile(
        r"html|\bstatus\b|\bheaders?\b|content-(?:type|security)|text/\w|(?<!\?P)</?[a-z]+[ />]", re.IGNORECASE
    )
    for path, _ in modules():
        if part(path) == "domain":
            assert not said.search(path.read_text()), path


def test_nothing_in_lambda_needs_what_is_only_here():
    """Each import of functions is declared for them: the emulator's own packages would hide what is missing."""
    asked = "".join((ROOT / name).read_text() for name in ("requirements.txt", "requirements-twilio.txt"))
    declared = {line.split("==")[0].lower() for line in asked.splitlines() if "==" in line}
    names = {"aws-lambda-powertools": "aws_lambda_powertools", "phonenumberslite": "phonenumbers"}
    known = (
        {names.get(name, name) for name in declared}
        | {"botocore", "chalice", "chalicelib"}
        | set(sys.stdlib_module_names)
    )
    for path, tree in [*modules(), (ROOT / "app.py", parsed(ROOT / "app.py"))]:
        assert {module.split(".")[0] for module in imported(tree)} <= known, path


def test_the_insight_returns_and_never_prints():
    for path, tree in modules():
        if part(path) in {"insight", "virtual"}:
            assert not {"print", "sys.stdout.write", "sys.stderr.write"} & _called(tree), path


def test_each_step_has_one_word():
    """The handler in app.py, the file in flow/, the policy and the configuration."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]["prod"]["lambda_functions"]
    steps = {path.stem for path in Path(flow.__path__[0]).rglob("*.py")} - {"__init__"}
    policies = {path.stem.removeprefix("policy-") for path in (ROOT / ".chalice").glob("policy-*.json")}

    assert {source.name for source in app.event_sources} == FUNCTIONS
    assert steps == FUNCTIONS | {"receive", "unsubscribe", "verify"} | PARTS
    assert {function.name for function in app.pure_lambda_functions} == SERVERS - {"api_handler"}
    assert set(config) == FUNCTIONS | SERVERS
    assert policies == {POLICY.get(name, name) for name in config}
    for name in (FUNCTIONS | SERVERS) - {"api_handler"}:
        assert config[name]["iam_policy_file"] == f"policy-{POLICY.get(name, name)}.json"


def test_overrides_are_of_functions_that_exist():
    """Chalice names a function after its handler: rename one, and the override is a resource without a type."""
    named = {"".join(word.title() for word in name.split("_")) for name in FUNCTIONS | SERVERS}
    untyped = {name for name, resource in TEMPLATE["Resources"].items() if "Type" not in resource}

    assert untyped <= named | {"APIHandler", "RestAPI", "DeskPagesRole"}


GUARDS = {
    "/cad/{agency_id}/updates": "receive",
    "/rms/{agency_id}/updates": "receive",
    "/cad/{agency_id}/heartbeat": "hear",
    "/cad/{agency_id}/received": "read_back",
    "/rms/{agency_id}/received": "read_back",
    "/s/{token}": "survey_page",
    "/u/{token}": "unsubscribe_page",
    "/real/{agency_id}": None,
    "/": None,
    "/carriers/twilio/status": "keep_twilio_status",
    "/carriers/twilio/inbound": "keep_twilio_inbound",
    "/openapi.json": None,
    "/openapi.html": None,
    "/health": None,
    **dict.fromkeys(
        ("/desk", "/desk/{first}", "/desk/{first}/{second}", "/desk/{first}/{second}/{third}"), "door.answer"
    ),
}
"""The guard that each route calls; the links of surveys and emails are their own keys."""


def test_every_route_is_known_and_authenticates():
    source = parsed(ROOT / "app.py")
    functions = {node.name: node for node in source.body if isinstance(node, ast.FunctionDef)}

    assert set(app.routes) == set(GUARDS)
    for path, entries in app.routes.items():
        for entry in entries.values():
            view = functions[entry.view_name]
            assert GUARDS[path] is None or GUARDS[path] in _called(view) | _handed_on(view)
            assert "answering" in {ast.unparse(decorator) for decorator in view.decorator_list}


@pytest.mark.parametrize(
    ("file", "doors", "guard"),
    [
        ("webhooks", {"receive", "read_back", "hear"}, "authentic"),
        ("callbacks", {"keep_twilio_status", "keep_twilio_inbound"}, "_authenticate"),
    ],
)
def test_what_a_route_calls_authenticates(file, doors, guard):
    source = ast.parse((ROOT / "chalicelib" / "web" / f"{file}.py").read_text())
    open_to_all = {node.name: node for node in source.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}

    assert open_to_all.keys() == doors
    assert all(guard in _called(function) for function in open_to_all.values())


def _handed_on(function):
    """Return what a function gives to those that it calls first of all."""
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call) and node.args)
    return {ast.unparse(node.args[0]) for node in calls}


def _called(function):
    return {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}


@pytest.mark.parametrize(
    ("resource", "model"),
    [
        ("Incidents", IncidentItem),
        ("Contacts", ContactItem),
        ("Surveys", SurveyItem),
        ("Settings", SettingsItem),
        ("Ledger", LedgerItem),
    ],
)
def test_tables_are_declared_as_the_code_uses_them(resource, model):
    properties = TEMPLATE["Resources"][resource]["Properties"]
    keys = {entry["KeyType"]: entry["AttributeName"] for entry in properties["KeySchema"]}
    attributes = model.get_attributes()

    assert keys["HASH"] == next(name for name, attribute in attributes.items() if attribute.is_hash_key)
    assert keys.get("RANGE") == next((name for name, attribute in attributes.items() if attribute.is_range_key), None)
    if "expires" in attributes:
        assert properties["TimeToLiveSpecification"]["AttributeName"] == "expires"


def test_the_index_is_declared_as_the_code_uses_it():
    declared, _ = TEMPLATE["Resources"]["Incidents"]["Properties"]["GlobalSecondaryIndexes"]
    index = IncidentItem.due

    assert declared["IndexName"] == index.Meta.index_name
    assert [entry["AttributeName"] for entry in declared["KeySchema"]] == ["due_shard", "send_at"]
    assert declared["Projection"]["ProjectionType"] == index.Meta.projection.projection_type


def test_the_index_of_what_is_recent_is_declared_as_the_code_uses_it():
    _, declared = TEMPLATE["Resources"]["Incidents"]["Properties"]["GlobalSecondaryIndexes"]
    index = IncidentItem.recent

    assert declared["IndexName"] == index.Meta.index_name
    assert [entry["AttributeName"] for entry in declared["KeySchema"]] == ["day", "began"]
    assert declared["Projection"]["ProjectionType"] == index.Meta.projection.projection_type
    assert declared["Projection"]["NonKeyAttributes"] == index.Meta.projection.non_key_attributes


def test_glue_and_the_analysts_page_are_what_the_types_and_files_say():
    """Written by `tenfour lake document`; the same again writes the same."""
    assert document.template() == json.loads(GENERATED.read_text())
    assert next(iter(document.template())) == "Metadata"
    assert document.page(document.PAGE.read_text()) == document.PAGE.read_text()
    for name, row in TABLES.items():
        section = document.PAGE.read_text().split(f"### `{name}`")[1].split("###")[0]
        documented = re.findall(r"^\| `(\w+)`", section, re.MULTILINE)
        assert sorted(documented) == sorted(row.__struct_fields__)
        assert not re.search(r"\|\s*\|$", section, re.MULTILINE)


def test_the_stack_s_files_are_listed_and_what_is_generated_is_in_one():
    there = {path.name: path.read_text() for path in STACK_FILES.glob("*.json")}
    by_hand = {name: text for name, text in there.items() if name != GENERATED.name}

    assert set(re.findall(r"^ +(\w+\.json) ", stack_template.__doc__, re.MULTILINE)) == there.keys()
    assert not [name for name, text in by_hand.items() if "AWS::Glue::Table" in text or "NamedQuery" in text]


def test_a_lease_outlives_the_function_that_holds_it():
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())

    assert timedelta(seconds=config["lambda_timeout"]) < LEASE


def test_each_queue_has_a_dead_letter_queue_and_time_enough():
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    for name, resource in TEMPLATE["Resources"].items():
        if resource.get("Type") == "AWS::SQS::Queue" and not name.endswith("Dead"):
            assert resource["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] == f"{name}Dead"
            assert resource["Properties"]["VisibilityTimeout"] >= 6 * config["lambda_timeout"]


def test_whatever_people_should_look_at_has_an_alarm_that_says_what_to_do():
    resources = TEMPLATE["Resources"].values()
    alarms = [each["Properties"] for each in resources if each.get("Type") == "AWS::CloudWatch::Alarm"]
    ours = [alarm for alarm in alarms if alarm.get("Namespace") == "tenfour"]
    dead = {name for name, each in TEMPLATE["Resources"].items() if name.endswith("Dead")}

    assert {alarm["MetricName"] for alarm in ours} == {*(SHARED.get(each, each) for each in Notice), Metric.OLDEST_DUE}
    assert {f"{name}Alarm" for name in dead} <= TEMPLATE["Resources"].keys()
    for alarm in alarms:
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        assert 60 < len(alarm["AlarmDescription"]) < 1024
    for alarm in ours:
        assert alarm["Dimensions"] == [{"Name": "service", "Value": "tenfour"}]


def test_the_dashboard_shows_all_that_is_measured_and_every_alarm():
    body, of_the_desk = TEMPLATE["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    for name, wanted in of_the_desk.items():
        assert wanted["Fn::If"][::2] == ["Desk", ""]
        body = body.replace(f"${{{name}}}", wanted["Fn::If"][1]["Fn::Sub"])
    board = json.loads(body)
    shown = {
        line[1] for part in board["widgets"] for line in part["properties"].get("metrics", ()) if line[0] == "tenfour"
    }
    kinds = {line[5] for part in board["widgets"] for line in part["properties"].get("metrics", ()) if "kind" in line}
    (alarms,) = (part["properties"]["alarms"] for part in board["widgets"] if part["type"] == "alarm")
    declared = {name for name, each in TEMPLATE["Resources"].items() if each.get("Type") == "AWS::CloudWatch::Alarm"}

    assert shown == set(Metric)
    assert kinds == set(Kind)
    assert set(alarms) == {f"${{{name}.Arn}}" for name in declared}


def test_the_webhooks_page_documents_every_field():
    page = (ROOT / "docs" / "vendor" / "webhook.md").read_text()
    documented = set(re.findall(r"^\| `(\w+)`", page, re.MULTILINE))

    fields = {*UpdateBody.__struct_fields__, *PartyBody.__struct_fields__} - {"units", "linked_to"}
    assert fields <= documented
    assert set(Facts.__struct_fields__) | {latch.value for latch in Latch} <= set(UpdateBody.__struct_fields__)


def test_the_mappings_page_documents_every_key():
    page = (ROOT / "docs" / "vendor" / "mapping.md").read_text()
    rows = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)

    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert documented >= {name.rstrip("_") for kind in (Mapping, Source) for name in kind.__struct_fields__}


def test_the_feeds_page_documents_every_key():
    page = (ROOT / "docs" / "vendor" / "feed.md").read_text()
    told = {"": Feed, "view.": View, "folder.": Folder, "http.": Http, "eido.": Eido}
    told |= {"http.auth.": Auth, "http.pages.": Pages, "http.since.": Since}
    documented = {
        name for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for name in re.findall(r"`([\w.]+)`", row)
    }
    fields = {before + name for before, kind in told.items() for name in kind.__struct_fields__} - {*SOURCES}
    fields -= {"http.auth", "http.pages", "http.since"}
    assert fields <= documented


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_pages_name_only_commands_that_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    named = set(re.findall(r"^ +make ([a-z]+)", (ROOT / page).read_text(), re.MULTILINE))

    assert named
    assert named <= targets


def test_every_reason_is_documented():
    page = (ROOT / "docs" / "agency" / "notifications.md").read_text()

    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) >= {reason.value for reason in Reason}


def test_nobody_patches():
    for path in (ROOT / "tests").rglob("*.py"):
        if path != Path(__file__):
            assert "mock" not in {name.split(".")[0] for name in imported(parsed(path))}
            assert "unittest.mock" not in path.read_text(), path


def test_nobody_replaces_a_port_afterwards():
    """Rigs and tests give `Aws` another queue or other senders when they make it."""
    written = re.compile(r"(?:\.__dict__|vars\(\w+\))(?:\[.*?\] = |\.(?:update|setdefault|pop)\()|\baws\.\w+ = ")
    for top in ("chalicelib", "tenfour", "feed", "rigs", "tests"):
        for path in (ROOT / top).rglob("*.py"):
            assert path == Path(__file__) or not written.search(path.read_text()), path


def test_no_path_of_one_machine():
    words = re.compile(r"/(?:work|home|root|Users)/\w")
    for name in files():
        assert name == "tests/house/test_layout.py" or not words.search((ROOT / name).read_text(errors="replace")), name


def test_each_command_has_a_file_of_its_name():
    named = {name for group in GROUPS.values() for name in group}
    files = {path.stem.replace("_", "-") for path in (ROOT / "tenfour" / "commands").glob("*.py")} - {"--init--"}

    assert named - {"feed"} <= files
    assert {name for name in files - named if name.split("-")[0] not in named} == set()
    assert set(GROUPS) == {"Set up", "Watch", "Answer", "Report", "Leave"}


def test_the_help_has_a_line_for_each_command_in_80_columns():
    shown = CliRunner().invoke(cli, ["--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"}).output
    lines = [line for line in shown.splitlines() if line.startswith("│ ")]

    assert len(lines) == 1 + sum(map(len, GROUPS.values()))
    assert all(f"╭─ {name} ─" in shown for name in GROUPS)
    assert max(map(len, shown.splitlines())) <= 80
