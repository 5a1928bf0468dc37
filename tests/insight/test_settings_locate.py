"""The locator against `tomllib`: whatever is written, each key is found on the line where it stands."""

import tomllib
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.settings.locate import lines, nearest

TEXTS = (
    '"a # ] } , = \\" [x]"',
    "'C:\\'",
    '""',
    "''",
    '"""\n[x]\nk = 1 \\""" "" #\n"""',
    '"""a""\\\n  b"""""',
    "'''\n[[x]]\nit''s = {'''",
    "true",
    "08:00:00",
    "1979-05-27 07:32:00",
    "-1.5e3",
    "[]",
    "{}",
)
KEYS = ("k{}", '"k {}"', "'k.{}'", '"k{}é]"', '"k{} = #"')
GAPS = (", ", ",", ",\n  ", " , # ] }, \n\n ")


class Writer:
    """Writes TOML as people do, and as nobody does, with keys and numbers of which no two are the same."""

    def __init__(self, draw):
        self.number = count()
        self.draw = draw

    def one_of(self, *choices):
        return self.draw(st.sampled_from(choices))

    def few(self, least=1):
        return range(self.draw(st.integers(least, 3)))

    def key(self):
        return self.one_of(*KEYS).format(next(self.number))

    def value(self, depth):
        kind = self.one_of("number", "text", "list", "table") if depth < 3 else "number"
        if kind == "number":
            return str(1000 + next(self.number))
        if kind == "text":
            return self.one_of(*TEXTS)
        if kind == "table":
            return "{ " + ", ".join(self.pair(depth + 1) for _ in self.few()) + " }"
        items = self.one_of(*GAPS).join(self.value(depth + 1) for _ in self.few())
        return f"[{self.one_of('', chr(10), ' # [' + chr(10))}{items}\n]"

    def pair(self, depth=0):
        dotted = self.one_of("{0}", "{0}", "{0}.{1}", "{0} . {1}.{2}")
        return f"{dotted.format(self.key(), self.key(), self.key())} = {self.value(depth)}"

    def table(self, path="", depth=0):
        written = [self.pair() + self.one_of("", "  # [x]", "\n") for _ in self.few(least=0)]
        for _ in self.few(least=0) if depth < 3 else ():
            inner = f"{path}{self.key()}"
            if self.one_of(True, False):
                written += [f"[{inner}]", *self.table(f"{inner}.", depth + 1)]
            else:
                for _ in self.few():
                    written += [f"  [[ {inner} ]] # [y]", *self.table(f"{inner}.", depth + 1)]
        return written


@st.composite
def toml(draw):
    return "\n".join(["# a comment", "", *Writer(draw).table()])


def every(value, path=()):
    """Yield the path and the value of everything that was read."""
    yield path, value
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from every(part, (*path, key))


@given(toml())
def test_the_located_line_holds_the_key(text):
    known, written = lines(text), text.splitlines()
    for path, value in every(tomllib.loads(text)):
        if not path:
            continue
        line = written[known[path] - 1]
        if isinstance(path[-1], str):
            assert path[-1] in line
        elif isinstance(value, int) and value >= 1000:
            assert str(value) in line


@given(toml())
def test_nothing_is_located_that_is_not_there(text):
    assert set(lines(text)) == {path for path, _ in every(tomllib.loads(text)) if path}


def test_what_is_not_there_is_looked_for_around_it():
    known = lines('name = "x"\n\n[numbers]\na = 1\n\n[[types]]\ncodes = []\n')

    assert nearest(known, ("numbers", "sms_from")) == 3
    assert nearest(known, ("types", 0, "codes", 4)) == 7
    assert nearest(known, ("types", 7, "codes")) == 6
    assert nearest(known, ("survey",)) == 1
