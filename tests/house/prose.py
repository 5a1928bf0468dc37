"""Find what plain English forbids, as far as a program can: long sentences, free relatives, wide lines."""

import ast
import re
from collections.abc import Iterator
from inspect import cleandoc

LONGEST_SENTENCE = 25
_FEWEST_WORDS = 3
WIDEST = 120
_FREE_RELATIVE = re.compile(r"(?:Who|What|Whoever|Whatever|Whose|Whom|Whichever)\b")
_END = re.compile(r"(?<=[.!?])[)\"”*_]*\s+")
_COLON = re.compile(r"(?<=:)[)\"”*_]*\s+")
_QUESTION = re.compile(r"\?[)\"”*_]*$")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|St|No|Dr|U\.S)\.")
_WRITTEN = re.compile(r"(<!-- [^\n]*(?:written|measured) by [^\n]*-->).*?(?=<!-- end)", re.DOTALL)
"""The parts of a page that a command writes: their tables are as wide as they are."""


def problems(text: str) -> Iterator[str]:
    """Yield what is wrong with a paragraph of plain words."""
    if re.search(r"\bshall\b", text, re.IGNORECASE):
        yield f'says "shall": {_start(text)}'
    for sentence in _split(_END, _ABBREVIATED.sub("", " ".join(text.split()))):
        for part in _split(_COLON, sentence):
            words = len(re.findall(r"[\w'’/.-]*\w[\w'’/.-]*", part))
            if words > LONGEST_SENTENCE:
                yield f"{words} words: {_start(part)}"
            if _FREE_RELATIVE.match(part) and words > _FEWEST_WORDS and not _QUESTION.search(sentence):
                yield f"begins with a free relative: {_start(part)}"


def in_markdown(source: str) -> Iterator[tuple[int, str]]:
    """Yield each line and what is wrong there; blocks of code are left out, and the width of what a command writes."""
    for line, text in paragraphs(source):
        yield from ((line, problem) for problem in problems(plain(text)))
    for number, line in enumerate(_WRITTEN.sub(_blank, _without_code(source)).split("\n"), 1):
        if len(line) > WIDEST and not line.startswith(("|", "[", "<")) and " " in line[:WIDEST].strip():
            yield number, f"{len(line)} columns"


def paragraphs(source: str) -> Iterator[tuple[int, str]]:
    """Yield each paragraph, item of a list and cell of a table, with its line; headings are left out."""
    held: list[str] = []
    begun = 0
    for number, line in enumerate([*_without_code(source).split("\n"), ""], 1):
        text = line.strip()
        cell = text.startswith("|")
        if not text or cell or text.startswith(("#", "<")) or re.match(r"(?:[-*+]|\d+\.)\s", text):
            if held:
                yield begun, " ".join(held)
            held = []
        if cell and not re.fullmatch(r"[|\s:-]+", text):
            yield from ((number, one.strip()) for one in re.split(r"(?<!\\)\|", text) if one.strip())
        elif text and not cell and not text.startswith(("#", "<")):
            if not held:
                begun = number
            held.append(re.sub(r"^(?:[-*+>]|\d+\.)\s+", "", text))


def plain(text: str) -> str:
    """Return the words of a Markdown paragraph: code counts as one word, a link as its text."""
    text = re.sub(r"`[^`]*`", "code", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[*_]{1,3}(\S[^*]*?)[*_]{1,3}", r"\1", text)


def in_python(source: str) -> Iterator[tuple[int, str]]:
    """Yield each line and what is wrong with its docstring, or with another text that people may read."""
    for line, text in texts(ast.parse(source)):
        for part in re.split(r"\n\s*\n", text):
            if not part.startswith("    "):
                yield from ((line, problem) for problem in problems(plain(part)))


def texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield each docstring and each text of one line, with its line; a field of an f-string counts as code."""
    if isinstance(node, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else "`x`" for each in node.values)
        yield node.lineno, "".join(map(str, parts))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        yield node.lineno, cleandoc(node.value.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
        yield node.lineno, node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def _split(end: re.Pattern[str], text: str) -> list[str]:
    return [part for part in end.split(text) if part]


def _without_code(source: str) -> str:
    """Blank out fenced and indented code, so that lines keep their numbers."""
    source = re.sub(r"^[ \t]*```.*?^[ \t]*```", _blank, source, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^(?: {4}|\t)(?![-*+|]\s).*$", "", source, flags=re.MULTILINE)


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", "", found.group())


def _start(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:90]}…"
