"""Cards to hand out: what is printed on them can be read by phones and people, and fits."""

from datetime import date

import httpx
import pypdfium2
import pytest
import zxingcpp
from matplotlib.backends.backend_agg import FigureCanvasAgg
from msgspec.structs import replace
from typer.testing import CliRunner

from chalicelib.domain.surveys.token import is_token
from tenfour.commands.survey import cli
from tenfour.operate import survey_card as draw
from tenfour.operate.survey_card import CARD, LANGUAGES, Printed, write_pdf, write_svg
from tests import waiting
from tests.command import tenfour
from tests.conftest import city_folder
from tests.offers import offers

PRINTED = Printed(
    "Springfield Police Department", "https://tell.springfield.example/s/4fQz81LmNbC2x", date(2027, 9, 28)
)
LONGEST = Printed("N" * 60, f"https://{'m' * 69}/4fQz81LmNbC2x", date(2027, 9, 28))


def run(*arguments):
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def sheet(printed, folder):
    path = folder / "card.pdf"
    write_pdf(printed, path)
    (page,) = pypdfium2.PdfDocument(path)
    return page


@pytest.mark.parametrize("printed", [PRINTED, LONGEST])
def test_each_code_on_a_sheet_leads_to_the_survey(printed, tmp_path):
    page = sheet(printed, tmp_path)

    assert page.get_size() == (8.5 * 72, 11 * 72)
    codes = zxingcpp.read_barcodes(page.render(scale=4).to_pil())
    assert [code.text for code in codes] == [printed.link] * 8


def test_a_card_says_in_both_languages_what_it_is_and_how_long_it_is_good_for(tmp_path):
    text = " ".join(sheet(PRINTED, tmp_path).get_textpage().get_text_bounded().split())

    for words in ("How did we do?", "September 28, 2027", "¿Cómo le atendimos?", "28 de septiembre de 2027", "911"):
        assert text.count(words) >= 8
    assert PRINTED.agency_name in text
    assert "tell.springfield.example/s/4fQz81LmNbC2x" in text


@pytest.mark.parametrize(("text_to_911", "offered"), [(True, 16), (False, 0)])
def test_a_card_offers_to_text_911_only_where_it_takes_texts(text_to_911, offered, tmp_path):
    text = sheet(replace(PRINTED, text_to_911=text_to_911), tmp_path).get_textpage().get_text_bounded()

    assert len(offers(text)) == offered
    assert text.count("911.") == 16


@pytest.mark.parametrize("printed", [PRINTED, LONGEST])
def test_nothing_on_a_card_is_cut_off_or_lies_on_something_else(printed):
    figure = draw._figure(CARD)
    figure.set_dpi(600)
    draw._card(figure, printed, 0, 0)
    renderer = FigureCanvasAgg(figure).get_renderer()
    texts = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    (code,) = (patch.get_window_extent(renderer) for patch in figure.axes[0].patches)

    assert len(texts) >= 4 + 2 * len(LANGUAGES)
    margin = 0.1 * figure.dpi
    width, height = (length * figure.dpi for length in CARD)
    for place, box in enumerate(texts):
        assert margin <= box.x0 <= box.x1 <= width - margin
        assert margin <= box.y0 <= box.y1 <= height - margin
        assert not box.overlaps(code)
        assert not any(box.overlaps(other) for other in texts[place + 1 :])


def test_the_white_around_a_code_is_as_wide_as_readers_need():
    figure = draw._figure(CARD)
    draw._card(figure, PRINTED, 0, 0)
    renderer = FigureCanvasAgg(figure).get_renderer()
    (code,) = (patch.get_window_extent(renderer) for patch in figure.axes[0].patches)
    quiet = 4 * code.width / 33

    assert code.padded(0.98 * quiet).x0 >= 0
    assert not any(
        code.padded(0.98 * quiet).overlaps(text.get_window_extent(renderer)) for text in figure.axes[0].texts
    )


def test_the_picture_is_the_same_each_time(tmp_path):
    for name in ("one", "two"):
        write_svg(PRINTED, tmp_path / name)

    assert (tmp_path / "one").read_text() == (tmp_path / "two").read_text()


def test_the_command_makes_a_card_that_opens_its_survey(stack, tmp_path):
    made = run("card", "--out", tmp_path / "cards", "--uses", 3, "--days", 30, "--stack", city_folder() / "stack.json")
    assert made.exit_code == 0, made.output
    assert "for 3 answers" in made.output

    (page,) = pypdfium2.PdfDocument(tmp_path / "cards" / "card.pdf")
    link = zxingcpp.read_barcodes(page.render(scale=4).to_pil())[0].text
    assert link.startswith(f"{stack.api}/s/")
    assert is_token(link.rpartition("/")[2])
    answer = httpx.get(link, headers={"accept-language": "es"}, timeout=waiting.LONGEST, trust_env=False)
    assert (answer.status_code, "¿Cómo le atendimos?" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--uses", 0], "--uses"),
        (["--days", 400], "--days"),
        (["--stack", "nowhere.json"], "nowhere.json: no running city"),
        (["--label", "x" * 25], "--label: at most 24 characters"),
    ],
)
def test_what_no_card_can_be_made_of_is_one_line(tmp_path, arguments, said):
    made = tenfour("survey", "card", "--out", tmp_path / "cards", *arguments)

    assert made.returncode == 2
    assert said in made.stderr
    assert len(made.stderr.splitlines()) == 1
    assert not (tmp_path / "cards").exists()
