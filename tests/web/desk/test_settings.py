"""Settings at the desk: what is published, by whom, as TOML, each version before, and how two differ."""

import pytest
from msgspec.structs import replace

from chalicelib.domain.desk.permissions import Permission, Role, permitted
from chalicelib.insight.settings.check_text import check_text
from chalicelib.insight.settings.written import as_toml
from tests.web.desk.valid import problems
from tests.web.desk.world import asked

HERE = "/desk/springfield/settings"


def publish(world, comment="first", author="Ana Ruiz (desk:id:ana) and Ben Okafor (desk:id:ben)", source="", **changes):
    settings = world.settings._port
    after = replace(settings.agency("springfield"), **changes)
    return settings.publish(after, author, comment, world.now, source=source)


@pytest.fixture
def cookie(world):
    return world.signed_in("words")


def page(world, cookie, path=HERE, **query):
    answer = asked(world, "GET", path, cookie=cookie, query=query)
    assert answer.status_code != 200 or path.endswith("file") or problems(answer.body) == []
    return answer


def test_the_page_says_what_is_in_force_since_when_and_by_which_two(world, cookie):
    text = f"# why we wait\n{as_toml(world.settings.agency('springfield'))}"
    publish(world, "with comments", source=text)
    body = page(world, cookie).body

    assert "Version 1 is in force." in body
    assert "Ana Ruiz" in body
    assert "Ben Okafor" in body
    assert "as it was published" in body
    assert "# why we wait" in body


def test_where_the_text_is_not_known_it_is_written_from_the_values_and_the_page_says_so(world, cookie):
    publish(world, mass_call=9)
    body = page(world, cookie).body

    assert "written from the values" in body
    assert "mass_call = 9" in body


def test_the_file_is_what_the_page_shows_and_reads_as_the_same_settings(world, cookie):
    publish(world, mass_call=9)
    answer = page(world, cookie, f"{HERE}/file")
    ours = world.settings.agency("springfield")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="springfield-1.toml"'
    assert check_text(answer.body, ours).agency.mass_call == 9
    assert page(world, cookie, f"{HERE}/file", version="7").status_code == 404


def test_each_version_is_listed_with_what_it_was_for_and_can_be_opened(world, cookie):
    for number in range(25):
        publish(world, f"reason {number}", mass_call=10 + number)
    first = page(world, cookie).body
    older = page(world, cookie, until="5").body

    assert "reason 24" in first
    assert "reason 4<" not in first
    assert "until=5" in first
    assert "reason 4<" in older
    assert "mass_call = 12" in page(world, cookie, version="3").body
    assert "which was in force before" in page(world, cookie, version="3").body
    assert page(world, cookie, version="99").status_code == 404
    assert page(world, cookie, version="x").status_code == 404


def test_any_two_versions_are_compared_in_words_in_toml_and_by_what_they_end(world, cookie):
    publish(world, mass_call=9)
    publish(world, mass_call=12)
    body = page(world, cookie, f"{HERE}/compare", **{"from": "1", "to": "2"}).body

    assert "mass_call: 9 becomes 12" in body
    assert "mass_call is higher: 9 becomes 12" in body
    assert "<code>mass_call = 9</code>" in body
    assert "<code>mass_call = 12</code>" in body
    back = page(world, cookie, f"{HERE}/compare", **{"from": "2", "to": "1"}).body
    assert "it protects no less" in back
    assert page(world, cookie, f"{HERE}/compare", **{"from": "1", "to": "99"}).status_code == 404


def test_a_version_with_itself_differs_in_nothing(world, cookie):
    publish(world)
    body = page(world, cookie, f"{HERE}/compare", **{"from": "1", "to": "1"}).body

    assert "No setting changes." in body
    assert "The text is the same." in body


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("path", ["", "/file", "/compare"])
def test_settings_are_for_those_who_write_and_review_them(world, role, path):
    answer = asked(world, "GET", HERE + path, cookie=world.signed_in(role))

    assert (answer.status_code == 200) == (Permission.SETTINGS_SEE in permitted((role,)))
    assert permitted((role,)) & {Permission.DRAFT_EDIT, Permission.REVIEW} or answer.status_code == 403
