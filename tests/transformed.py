"""The packaged template after SAM's transform: what CloudFormation makes resources of."""

import json
import os
import subprocess
from functools import cache
from pathlib import Path

from tenfour.common.paths import EMULATOR, ROOT
from tenfour.stack.package import here, package

COMMERCIAL, GOVERNMENT = "us-west-2", "us-gov-west-1"
_CODE = {"Bucket": "tenfour-artifacts", "Key": "code.zip"}


@cache
def transformed(region=COMMERCIAL):
    """Return the template; the translator is AWS's own, pinned in requirements-emulator.txt."""
    template = json.loads(package(here()).template.read_text())
    for resource in template["Resources"].values():
        if "CodeUri" in resource.get("Properties", {}):
            resource["Properties"]["CodeUri"] = _CODE
    command = [EMULATOR.with_name("python"), ROOT / "tests" / "sam_translate.py", region]
    environment = {**os.environ, "AWS_DEFAULT_REGION": region}
    done = subprocess.run(
        command, input=json.dumps(template), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def write_transformed(folder: Path, region=COMMERCIAL) -> Path:
    """Write the template into a folder, for programs that read files; return where."""
    path = folder / f"{region}.json"
    path.write_text(json.dumps(transformed(region), indent=1))
    return path


def of(kind, region=COMMERCIAL):
    """Return the resources of a type, by name; there is at least one."""
    found = {name: each for name, each in transformed(region)["Resources"].items() if each["Type"] == kind}
    assert found, kind
    return found
