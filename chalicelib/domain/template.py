"""Templates of texts, in jinja2's sandbox. They are imported when one is filled in: jinja2 takes 40 ms."""

from functools import cache

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""All that a template can raise. Settings are checked before they are published, but one text must not stop others."""

_NEEDED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const),
    *(nodes.If, nodes.CondExpr, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
)
"""Fields and conditions are all that words need. A loop, a call, a filter or a sum can fill a function's memory or its
time, sandbox or not: `{{ 9**9**9 }}` would be worked out while it is compiled."""

_PLAIN_TEXT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)


class TooMuch(TemplateError):
    """Words that would do more than fill in fields under conditions."""


@cache
def plain_text(source: str) -> Template:
    """Return the template of a text; TooMuch, or another TemplateError."""
    return _PLAIN_TEXT.from_string(parse(source))


def parse(source: str) -> nodes.Template:
    """Return the syntax of a text; TooMuch, or TemplateSyntaxError."""
    tree = _PLAIN_TEXT.parse(source)
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _NEEDED):
            raise TooMuch(f"only fields and conditions are allowed, no {type(node).__name__.lower()}")
    return tree
