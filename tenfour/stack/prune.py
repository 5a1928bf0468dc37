"""Remove files of vendored packages that no function reads, before the zip is made."""

import shutil
from pathlib import Path

SERVICES = frozenset({"dynamodb", "pinpoint-sms-voice-v2", "s3", "secretsmanager", "sesv2", "sns", "sqs"})
"""The AWS services that a function calls: of botocore's data, these stay."""

POWERTOOLS = frozenset({"__init__.py", "jmespath_utils", "typing"})
"""Of Powertools' utilities, what its logger imports stays; its routers and parsers are larger than what we wrote."""

TWILIO = (
    *("aiohappyeyeballs", "aiohttp*", "aiosignal", "attr", "attrs", "frozenlist", "jwt", "multidict", "propcache"),
    *("yarl", "twilio/jwt", "twilio/twiml"),
)
"""Parts of Twilio's package that tenfour does not use; of its APIs only the first, `rest/api`, stays."""

NEVER_READ = (
    *TWILIO,
    *("*.dist-info", "*.data", "*/tests", "bin", "**/*.pyi", "**/py.typed", "**/*.so.dSYM"),
    *("botocore/data/*/*/examples-1.json", "dateutil/zoneinfo", "aws_lambda_powertools/event_handler"),
    *("phonenumbers/carrier.py", "phonenumbers/geocoder.py", "phonenumbers/timezone.py"),
    *("phonenumbers/shortdata/region_*", "chalicelib/words/phrases"),
)
"""Patterns of files and folders."""


def prune(code: Path) -> None:
    """Take out of an unpacked package what no function reads."""
    _keep(code / "botocore" / "data", SERVICES)
    _keep(code / "aws_lambda_powertools" / "utilities", POWERTOOLS)
    _keep(code / "twilio" / "rest", frozenset({"api"}))
    for pattern in NEVER_READ:
        for path in [*code.glob(pattern)]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _keep(folder: Path, names: frozenset[str]) -> None:
    """Leave only these of a folder's folders; without the folder there is nothing to do."""
    for path in [*folder.iterdir()] if folder.exists() else ():
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path)
