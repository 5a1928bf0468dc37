"""The analysts' query gives the report's figures, over a lake of a few answers."""

from datetime import timedelta
from io import StringIO

from msgspec.structs import replace

from chalicelib.domain.lake.answer_rows import answer_rows
from chalicelib.domain.settings.experiment import Arm
from chalicelib.domain.settings.question_sets import SETS
from chalicelib.insight.figures.queries import query
from rigs.demo.story import satisfaction
from tenfour.common.screen import Screen
from tenfour.figures.local import LocalLake
from tests.factories import agency
from tests.flow.lake.test_lake import answered
from tests.insight.lake.rows import write

DAY = timedelta(days=1)
ON = Arm(experiment="doors-2027", door="reply", hour=17)


def figures(folder, *surveys):
    """Return what the query says of the answers of some surveys."""
    rows = [row for survey in surveys for row in answer_rows(survey, agency(), SETS["standard"])]
    asked = surveys[0].asked_at.date()
    return LocalLake(write(folder, rows)).query(query("satisfaction").during(asked - DAY, asked + DAY))


def others(places, **changes):
    return [replace(answered(), token_hash=f"{place:064}", **changes) for place in places]


def shown(found):
    console = Screen(width=80, record=True, file=StringIO())
    console.print(satisfaction(found))
    return console.export_text()


def test_without_an_experiment_each_question_has_one_line(tmp_path):
    found = figures(tmp_path, *others(range(3)))

    told = found.dicts()
    assert [(one["question"], one["answers"], one["mean_mark"]) for one in told] == [
        ("overall", 3, 5.0),
        ("respect", 3, 4.0),
    ]
    assert "experiment" not in shown(found)


def test_while_an_experiment_is_on_each_arm_is_named_and_counted_apart(tmp_path):
    found = figures(tmp_path, *others(range(3)), *others(range(3, 5), arm=ON, agency_id="shelbyville"))

    told = found.dicts()
    assert {(one["question"], one["arm"], one["answers"]) for one in told} == {
        ("overall", "", 3),
        ("respect", "", 3),
        ("overall", "doors-2027 door=reply hour=17", 2),
        ("respect", "doors-2027 door=reply hour=17", 2),
    }
    assert "doors-2027 door=reply hour=17" in shown(found)
