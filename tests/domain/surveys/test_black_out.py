import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.surveys.black_out import BLACK, NotThere, blacked_out, mask_of

WORD = st.text("abcxyzñÉ'’-", min_size=1, max_size=8).filter(lambda word: word.strip("'’-") == word)
TEXT = st.lists(WORD | st.sampled_from(["Ruiz", "ruiz", "Main  Street"]), min_size=1, max_size=12).map(" ".join)


@given(TEXT, st.data())
def test_no_blacked_out_word_can_be_read_and_all_else_can(comment, data):
    word = data.draw(st.sampled_from(comment.split()))
    shown = blacked_out(comment, mask_of(comment, (word,)))

    assert len(shown) == len(comment)
    assert word.casefold() not in shown.casefold().split()
    assert all(one in (other, BLACK) for one, other in zip(shown, comment, strict=True))


@given(TEXT)
def test_nothing_to_black_out_is_the_comment_itself(comment):
    assert blacked_out(comment, mask_of(comment, ())) == comment


@pytest.mark.parametrize(
    ("comment", "word", "shown"),
    [
        ("Ruiz, RUIZ's partner, ruizes", "ruiz", "████, ████'s partner, ruizes"),
        ("at 12 Main  Street", "main street", "at 12 ████████████"),
        ("José, jose", "José", "████, jose"),
        ("a+b (c)", "(c)", "a+b ███"),
        ("Ruiz2, 3Ruiz_ Ruizes", "Ruiz", "████2, 3████_ Ruizes"),
        ("badge A4412b 44123", "4412", "badge A████b 44123"),
    ],
)
def test_words_are_found_whole_and_in_any_case(comment, word, shown):
    assert blacked_out(comment, mask_of(comment, (word,))) == shown


@pytest.mark.parametrize("word", ["Rui", "", "  ", "Jones"])
def test_a_word_that_is_not_there_is_refused(word):
    with pytest.raises(NotThere):
        mask_of("Ruiz was kind", ("kind", word))
