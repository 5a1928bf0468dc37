"""A function reads few modules before it answers; modules are counted, since seconds lie on a shared machine."""

import pytest

from rigs.bench.figures import of_starts
from rigs.bench.starts import EMPTY, FIRST_OF_ALL, cold_starts, handlers_of
from tenfour.stack.package import here, package

NEVER_AT_THE_START = {"boto3", "jinja2", "multiprocessing", "s3transfer", "twilio", "requests", "pydantic"}


@pytest.fixture(scope="module")
def starts():
    return {start.handler: start for start in cold_starts(package(here()), rounds=0)}


def test_every_function_is_measured_beside_an_empty_one(starts):
    assert set(starts) == {EMPTY, *handlers_of(package(here()))}
    assert len(starts) == 11
    assert all(start.milliseconds > 0 for start in starts.values())


def test_none_imports_what_only_some_requests_need(starts):
    for start in starts.values():
        assert not {module.partition(".")[0] for module in start.modules} & NEVER_AT_THE_START, start.handler


def test_all_together_import_little_more_than_a_client_of_dynamodb_does(starts):
    """Modules of ours, pynamodb, Powertools' logger and phone numbers.

    Measured in turn, 16 starts each, medians of CPU: 684 modules took 223 ms, 698 took 220 ms, the empty one 165 ms.
    Today there are 761. The desk has 793 with what its first request reads; 777 took 233 ms, the empty one 192 ms.
    """
    empty = starts[EMPTY].modules
    for start in starts.values():
        most = 2.45 if start.handler in FIRST_OF_ALL else 2.32
        assert len(start.modules) <= most * len(empty), start.handler
        extra = {module.partition(".")[0] for module in start.modules - empty if not module.startswith("_")}
        assert len([name for name in extra if name not in {"chalicelib", "app"}]) <= 40, sorted(extra)


def test_each_is_told_beside_the_empty_one(starts):
    figures = [*of_starts([*starts.values()])]

    assert len(figures) == len(starts) - 1
    assert {figure.beside for figure in figures} == {EMPTY}
