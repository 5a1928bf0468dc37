"""What plain English forbids, as far as a program can see it: long sentences, "shall", free relatives, wide lines."""

import ast
import re
from collections.abc import Iterator

LONGEST_SENTENCE = 25
WIDEST = 120
_FREE_RELATIVE = re.compile(r"(?:Who|What|Whoever|Whatever|Whose|Whom|Whichever)\b(?!.*\?$)", re.DOTALL)
_END = re.compile(r"(?<=[.!?:])[)\"”*_]*\s+")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|vs|St|No|Dr|U\.S)\.")
_SAYS = {"refuse", "Refused", "warning", "error", "Finding", "BadParameter", "Option", "Argument", "Typer", "print"}
"""Calls whose texts people read."""


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a paragraph of plain words; a colon ends one, as the list behind it is another."""
    whole = _ABBREVIATED.sub("", " ".join(text.split()))
    yield from (sentence for sentence in _END.split(whole) if sentence)


def problems(text: str) -> Iterator[str]:
    """Yield what is wrong with a paragraph of plain words."""
    if re.search(r"\bshall\b", text, re.IGNORECASE):
        yield f'says "shall": {_start(text)}'
    for sentence in sentences(text):
        words = re.findall(r"[\w'’/.-]*\w[\w'’/.-]*", sentence)
        if len(words) > LONGEST_SENTENCE:
            yield f"{len(words)} words: {_start(sentence)}"
        if _FREE_RELATIVE.match(sentence) and len(words) > 3:
            yield f"begins with a free relative: {_start(sentence)}"


def in_markdown(source: str) -> Iterator[tuple[int, str]]:
    """Yield each line and what is wrong there; blocks of code and what a comment marks as generated are left out."""
    for line, text in paragraphs(source):
        yield from ((line, problem) for problem in problems(plain(text)))
    for number, line in enumerate(_without_code(source).split("\n"), 1):
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
    """Yield each line and what is wrong with its docstring or the message that people read."""
    for node in ast.walk(ast.parse(source)):
        for line, text in _texts(node):
            for part in re.split(r"\n\s*\n", text):
                if not part.startswith("    "):
                    yield from ((line, problem) for problem in problems(plain(part)))


def _texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
        yield node.body[0].lineno, ast.get_docstring(node) or ""
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        if node.col_offset == 0 or "\n" not in node.value.value:
            yield node.lineno, node.value.value
    elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        yield from _said(node.exc)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in _SAYS:
        yield from _said(node)


def _said(call: ast.Call) -> Iterator[tuple[int, str]]:
    for value in (*call.args, *(each.value for each in call.keywords if each.arg == "help")):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.lineno, value.value
        elif isinstance(value, ast.JoinedStr):
            yield (
                value.lineno,
                "".join(str(each.value) if isinstance(each, ast.Constant) else "x" for each in value.values),
            )


def _without_code(source: str) -> str:
    """Blank out fenced and indented code and generated parts, so that lines keep their numbers."""
    blank = lambda found: re.sub(r"[^\n]", "", found.group())  # noqa: E731
    source = re.sub(r"^```.*?^```", blank, source, flags=re.DOTALL | re.MULTILINE)
    source = re.sub(r"<!-- generated.*?<!-- end -->", blank, source, flags=re.DOTALL)
    return re.sub(r"^(?: {4}|\t)(?![-*+|]\s).*$", "", source, flags=re.MULTILINE)


def _start(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:90]}…"
