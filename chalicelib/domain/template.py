"""Templates, in jinja2's sandbox. Whoever fills one in imports this then: jinja2 takes 40 ms, and intake has none."""

from functools import cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

BROKEN = (TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a template can raise; settings are checked before they are published, but a text must never stop the others."""

_PLAIN_TEXT = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=True)
_HTML = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)


@cache
def plain_text(source: str) -> Template:
    """Return a template for what is no page; TemplateError."""
    return _PLAIN_TEXT.from_string(source)


@cache
def html(source: str) -> Template:
    """Return a template for a page: what is filled in is escaped; TemplateError."""
    return _HTML.from_string(source)
