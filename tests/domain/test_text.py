"""Damage is undone where the letters are known, and said where they are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.repair import repaired
from chalicelib.domain.text import normal, plain_words, readable

VIOLATION = [
    "Violación", "VIOLACIÓN", "Violacio\u0301n", "Violaci&oacute;n", "VIOLACI&OACUTE;N", "Violaci&#243;n",
    "Violaci&#xF3;n", "Violaci&amp;oacute;n", "Violaci%C3%B3n", "Violaci%F3n", "Violaci%u00F3n", "Violaci=C3=B3n",
    "Violaci\\u00f3n", "Violaci\\xf3n", "ViolaciÃ³n", "violaciã³n", "VIOLACIÃ“N", "ViolaciÃƒÂ³n", "Violaci├│n",
    "Violaci√≥n", "Violaci¢n", "\ufeffVio\u200bla\u00adción", "Ｖｉｏｌａｃｉｏｎ", "<b>Violación</b>",
]  # fmt: skip

SEPARATORS = [
    " ", "  ", "\t", "\r\n", "-", "–", "—", "•", "·", "/", "\\", "_", ".", ",", ":", ";", "|", "*", "+", "→", "\u00a0",
    "\u2028", "\u2029", "\u3000", "\x96", "\x97", "\x95", "\x85", "%20", "%2F", "&nbsp;", "&ndash;", "&#8211;",
    "_x0020_", "=20", "â€“", "â€¢", "<br/>", "%2520",
]  # fmt: skip


@pytest.mark.parametrize("text", VIOLATION)
def test_a_letter_that_is_known_is_read(text):
    assert plain_words(text) == normal(text) == "violacion"
    assert readable(text)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_whatever_separates_is_one_blank(separator):
    assert plain_words(f"Noise{separator}Domestic") == normal(f"noise{separator}DOMESTIC") == "noise domestic"
    assert readable(f"Noise{separator}Domestic")


@pytest.mark.parametrize(
    "text",
    ["VIOLACI?N", "?ARMA", "VIOLACI\ufffdN", "Noise\ufffd", "???", "RUIDO ??", "ДВ", "ЅHOTS", "家庭暴力", "عنف", "D\0V",
     "A\x1bB", "🔫", "NOISE 🆘", "\ue000", "٥١٥٠", "\x8d"],
)  # fmt: skip
def test_a_letter_that_is_lost_or_of_another_script_is_not(text):
    assert not readable(text)


@pytest.mark.parametrize(
    "text",
    ["", "NOISE", "What?", "Loud party? (unk)", "***", "-", "5°", "José’s – 3½ miles", "¿Ruido?", "Łódź", "A: 1 + 2"],
)
def test_usual_marks_can_be_read(text):
    assert readable(text)


@pytest.mark.parametrize("text", ["5%DEAD BODY", "TYPE=DEAD BODY", "A&B", "50% OFF", "R&D", "<3", "a < b > c"])
def test_a_sign_that_only_looks_like_an_escape_stays_one(text):
    assert repaired(text) == text


@pytest.mark.parametrize(
    "text",
    ["LOUD <Domestic violence>", "LOUD <DV>", "LOUD </dv>", "LOUD &lt;rape&gt;", "LOUD %3Cdv/%3E",
     "<p title='dv'>LOUD</p>", "LOUD <b dv>", "LOUD <br/dv>"],
)  # fmt: skip
def test_words_between_angle_brackets_are_no_markup(text):
    assert normal(text) != "loud"
    assert {"dv", "rape", "violence"} & set(plain_words(text).split())


@pytest.mark.parametrize("text", ["<b>LOUD</b>", "<font color=red>LOUD</font>", '<SPAN style="color:red">LOUD</SPAN >'])
def test_markup_that_says_how_a_text_looks_is_taken_out(text):
    assert normal(text) == "loud"


def test_values_without_a_letter_are_not_all_the_same():
    assert normal("***") != normal("-") != normal("")


def test_letters_of_another_script_keep_values_apart():
    assert normal("ДВ") != normal("ВД") != ""


@given(st.text())
def test_a_normal_form_is_normal(text):
    once = normal(text)

    assert normal(once) == once
    assert plain_words(plain_words(text)) == plain_words(text)


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_case_makes_no_difference_to_plain_words(text):
    assert plain_words(plain_words(text).upper()) == plain_words(text)


@given(st.text(st.sampled_from("%&;#=<>/\\xu_0A3C©ÃÂâ€“amp lt?"), max_size=60))
def test_no_text_is_too_damaged_to_be_looked_at(text):
    assert readable(text) in (True, False)
    assert plain_words(normal(text)).isascii()


@given(st.from_regex(r"[A-Za-záéíóúñüÁÉÍÓÚÑ ]{1,20}", fullmatch=True))
def test_mojibake_of_any_spanish_text_is_undone(text):
    for encoding in ("cp1252", "latin-1", "cp437", "mac_roman"):
        try:
            damaged = text.encode("utf-8").decode(encoding)
        except UnicodeDecodeError:
            continue
        assert plain_words(damaged) == plain_words(text)


@pytest.mark.parametrize(
    "text", ["Domestic violence", "Niña sola", "Man, with 2 guns", "5150", "a/b (c) 50% off"], ids=lambda text: text
)
@pytest.mark.parametrize("written", ["%{:02x}", "%{:02X}"])
def test_a_text_of_which_each_byte_is_escaped_is_read(text, written):
    escaped = "".join(map(written.format, text.encode()))

    assert normal(escaped) == normal(text)


def test_a_letter_that_is_escaped_inside_a_word_is_read_and_a_share_stays():
    assert normal("Dom%65stic") == "domestic"
    assert "u" not in normal("100%75")
