"""Translate a SAM template as CloudFormation does: a program for the emulator's Python, which has AWS's translator."""

import json
import sys

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def main(region: str) -> None:
    """Read a template from the input and write it to the output without the transform."""
    template = json.load(sys.stdin)
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region))
    json.dump(translator.translate(template, {}), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
