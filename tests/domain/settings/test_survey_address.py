"""An agency's pages are all under the address that its survey's link begins with."""

import pytest

from chalicelib.domain.settings.survey import SurveyRules


@pytest.mark.parametrize(
    ("link", "home", "origin"),
    [
        ("https://tell.springfield.ex/s", "https://tell.springfield.ex", "https://tell.springfield.ex"),
        (
            "https://a1.execute-api.us-west-2.amazonaws.com/api/s",
            "https://a1.execute-api.us-west-2.amazonaws.com/api",
            None,
        ),
        ("https://springfield.ex/tell/s", "https://springfield.ex/tell", "https://springfield.ex"),
        ("https://springfield.ex/survey", "https://springfield.ex", "https://springfield.ex"),
        ("https://springfield.ex/surveys", "https://springfield.ex", "https://springfield.ex"),
    ],
)
def test_pages_are_under_the_path_before_the_surveys(link, home, origin):
    rules = SurveyRules(link=link)

    assert rules.home == home
    assert rules.origin == (origin or home.removesuffix("/api"))
