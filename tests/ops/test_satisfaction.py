"""What people say, as the report has it: the query of analysts over a lake of a few answers."""

import gzip
from io import StringIO

from msgspec import json
from msgspec.structs import replace
from rich.console import Console

from chalicelib.domain.experiment import Arm
from chalicelib.domain.lake import SurveyAnswerRow, answer_rows
from chalicelib.domain.question_sets import SETS
from ops import lake_sql
from ops.demo import satisfaction
from ops.paths import ATHENA
from tests.flow.test_lake import answered

ON = Arm(experiment="doors-2027", door="reply", hour=17)


def figures(folder, *surveys):
    """Return the query's names and rows over the answers of some surveys."""
    rows = [row for survey in surveys for row in answer_rows(survey, SETS["standard"])]
    day = folder / "survey_answers" / "dt=2026-11-21"
    day.mkdir(parents=True)
    marks = [json.encode(row) for row in rows if isinstance(row, SurveyAnswerRow)]
    (day / "answers.json.gz").write_bytes(gzip.compress(b"\n".join(marks)))
    return lake_sql.query((ATHENA / "satisfaction.sql").read_text(), folder)


def others(count, **changes):
    return [replace(answered(), token_hash=f"{place:064}", **changes) for place in range(count)]


def shown(names, rows):
    console = Console(width=80, record=True, file=StringIO())
    console.print(satisfaction(names, rows))
    return console.export_text()


def test_without_an_experiment_each_question_has_one_line(tmp_path):
    names, rows = figures(tmp_path, *others(3))

    told = [dict(zip(names, row, strict=True)) for row in rows]
    assert [(one["question"], one["answers"], one["mean_mark"]) for one in told] == [
        ("overall", 3, 5.0),
        ("respect", 3, 4.0),
    ]
    assert "experiment" not in shown(names, rows)


def test_while_an_experiment_is_on_each_arm_is_named_and_counted_apart(tmp_path):
    names, rows = figures(tmp_path, *others(3), *others(2, arm=ON, agency_id="shelbyville"))

    told = [dict(zip(names, row, strict=True)) for row in rows]
    assert {(one["question"], one["arm"], one["answers"]) for one in told} == {
        ("overall", "", 3),
        ("respect", "", 3),
        ("overall", "doors-2027 door=reply hour=17", 2),
        ("respect", "doors-2027 door=reply hour=17", 2),
    }
    assert "doors-2027 door=reply hour=17" in shown(names, rows)
