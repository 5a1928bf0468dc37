"""Clients that public generators make from our description: compiled, run, and the incident is right in the end.

FOUND H2: they wrote each absent field as null, which took back arrival, type and outcome.
"""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGABRT

import pytest

from chalicelib.domain.names import IncidentKey
from tenfour.common.paths import ROOT
from tests.clients.served import KEY, served

CLIENTS, MADE = ROOT / "tests" / "clients", ROOT / ".venv-clients"
DESCRIPTION = ROOT / "chalicelib" / "web" / "static" / "openapi.json"
NEWTONSOFT = Path("/usr/lib/cli/Newtonsoft.Json-5.0/Newtonsoft.Json.dll")
ATTRS, PYDANTIC, TYPESCRIPT, CSHARP = CLIENTS_OF = (
    "openapi-python-client",
    "datamodel-code-generator",
    "openapi-typescript",
    "quicktype",
)
BEGAN = (datetime.now(UTC) - timedelta(hours=3)).replace(microsecond=0)
ABORTS = 4
"""So often may Mono's runtime abort over its own threads while it ends, which says nothing of the program in it."""

WIPED = {"incident_type", "received_at", "dispatched_at", "arrived_at"}

pytestmark = pytest.mark.whole


def ran(*command, folder, **env):
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False)


def run(*command, folder, **env):
    done = ran(*command, folder=folder, **env)
    assert done.returncode == 0, done.stdout + done.stderr


def node(*command, folder, **env):
    run(MADE / "bin" / "node", *command, folder=folder, **env)


def by_attrs(folder):
    path = f"{MADE / 'bin'}:{os.environ['PATH']}"  # it tidies what it makes by a program of its own environment
    made = ["--output-path", folder / "tenfour_client", "--meta", "none"]
    run(MADE / "bin" / "openapi-python-client", "generate", "--path", DESCRIPTION, *made, folder=folder, PATH=path)
    shutil.copy(CLIENTS / "life_attrs.py", folder)
    return [MADE / "bin" / "python", "life_attrs.py"]


def by_pydantic(folder):
    formatters = ["--formatters", "black", "isort"]  # its own default, said so that it warns of no other one
    made = ["--input-file-type", "openapi", "--output", "model.py", *formatters]
    run(MADE / "bin" / "datamodel-codegen", "--input", DESCRIPTION, *made, folder=folder)
    shutil.copy(CLIENTS / "life_pydantic.py", folder)
    return [MADE / "bin" / "python", "life_pydantic.py"]


def by_typescript(folder):
    (folder / "node_modules").symlink_to(MADE / "node_modules")
    shutil.copy(CLIENTS / "package.json", folder)
    shutil.copy(CLIENTS / "life.ts", folder)
    node("node_modules/openapi-typescript/bin/cli.js", DESCRIPTION, "-o", "schema.d.ts", folder=folder)
    strict = ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"]
    node("node_modules/typescript/bin/tsc", *strict, "life.ts", folder=folder)
    return [MADE / "bin" / "node", "life.js"]


def by_csharp(folder):
    schemas = json.loads(DESCRIPTION.read_text())["components"]["schemas"]
    draft = "http://json-schema.org/draft-06/schema#"
    schema = {"$schema": draft, "$ref": "#/definitions/Body", "definitions": schemas}
    (folder / "body.json").write_text(json.dumps(schema).replace("#/components/schemas/", "#/definitions/"))
    made = ["-s", "schema", "body.json", "-t", "Body", "-l", "cs", "--namespace", "Tenfour", "-o", "Model.cs"]
    node(
        MADE / "node_modules" / "quicktype" / "dist" / "index.js",
        *("--framework", "NewtonSoft", "--csharp-version", "6"),
        *made,
        folder=folder,
    )
    shutil.copy(CLIENTS / "Life.cs", folder)
    shutil.copy(NEWTONSOFT, folder)
    run("mcs", "-r:System.Net.Http.dll", f"-r:{NEWTONSOFT.name}", "Model.cs", "Life.cs", "-out:life.exe", folder=folder)
    return ["mono", "life.exe"]


GENERATORS = {ATTRS: by_attrs, PYDANTIC: by_pydantic, TYPESCRIPT: by_typescript, CSHARP: by_csharp}


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """Return what makes the program of a generator and compiles it, once."""
    made = {}

    def program(name):
        if not (MADE / ".ready").exists():
            pytest.skip("there is no .venv-clients: `make whole` installs it")
        if name == CSHARP and not (shutil.which("mcs") and NEWTONSOFT.exists()):
            pytest.skip("there is no Mono with Newtonsoft.Json: `make whole` installs them")
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            made[name] = GENERATORS[name](folder), folder
        return made[name]

    return program


def life(program, null, **env):
    """Let a program post its six updates; return the incident that came of them, and what was answered."""
    command, folder = program
    given = {"AGENCY": "springfield", "KEY": KEY, "BEGAN": BEGAN.isoformat(), **env}
    for _ in range(ABORTS):
        with served(null) as (address, world):
            done = ran(*command, folder=folder, ADDRESS=address, **given)
        if done.returncode != -SIGABRT:
            break
    assert done.returncode == 0, done.stdout + done.stderr
    assert [answer.status_code for answer in world.answers] == [202] * 6
    return world.incidents.load(IncidentKey("springfield", "P26-0001234")).incident, world.answers


def after(minutes):
    return BEGAN + timedelta(minutes=minutes)


def is_right(incident):
    facts = incident.facts
    return (
        (facts.incident_type, facts.priority, facts.origin) == ("THEFT", "3", "non_emergency")
        and (facts.received_at, facts.dispatched_at, facts.enroute_at) == (after(0), after(12), after(14))
        and (facts.arrived_at, facts.closed_at) == (after(27), after(53))
        and (facts.dispositions, facts.case_numbers) == (("RPT",), ("26-123456",))
        and [unit.officer_ids for unit in facts.units] == [("o2211",)]
        and incident.parties["1"].addresses == {"+13035550123"}
    )


@pytest.mark.parametrize("name", [ATTRS, TYPESCRIPT])
def test_a_client_that_leaves_absent_fields_out_needs_nothing(programs, name):
    incident, answers = life(programs(name), "takes_back")

    assert is_right(incident)
    assert not any("taken_back" in answer.body for answer in answers)


@pytest.mark.parametrize("name", CLIENTS_OF)
def test_with_a_key_whose_nulls_say_nothing_every_client_is_right(programs, name):
    incident, answers = life(programs(name), "silence")

    assert is_right(incident)
    assert not any("taken_back" in answer.body for answer in answers)


@pytest.mark.parametrize("name", [PYDANTIC, CSHARP])
def test_a_client_that_is_told_to_leave_nulls_out_is_right(programs, name):
    incident, answers = life(programs(name), "takes_back", LEAVE_OUT="yes")

    assert is_right(incident)
    assert not any("taken_back" in answer.body for answer in answers)


@pytest.mark.parametrize("name", [PYDANTIC, CSHARP])
def test_the_answer_tells_a_client_that_writes_nulls_what_it_took_back(programs, name):
    incident, answers = life(programs(name), "takes_back")

    named = {field for answer in answers for each in answer.body.get("taken_back", ()) for field in each["fields"]}
    assert named >= WIPED
    assert not is_right(incident)
    assert incident.facts.case_numbers == ("26-123456",)
    assert (incident.facts.closed_at, incident.facts.dispositions) == (after(53), ("RPT",))  # RMS took nothing back
