"""The preview as a page that can be passed round and signed."""

from collections.abc import Sequence

from jinja2 import Environment, StrictUndefined

from chalicelib.domain.harmless import as_filled
from chalicelib.domain.languages import ENGLISH_NAMES
from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.settings.preview import CHANNELS, Previewed

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ agency.name }}: what people will read</title>
<style>
body { font: 16px/1.4 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
.body { white-space: pre-wrap; background: #eef3f8; border-radius: .8rem; padding: .6rem .9rem; margin: .2rem 0 1rem; }
.price { color: #555; font-size: .85rem; margin: 0; }
h3 { margin-bottom: .2rem; }
</style>
</head>
<body>
<h1>{{ agency.name }}: what people will read</h1>
{% for one in previewed %}
{% if loop.first or (one.language, one.channel) != (loop.previtem.language, loop.previtem.channel) %}
<h2>{{ languages[one.language] }}, {{ channels[one.channel] }}</h2>
{% endif %}
{% if loop.first or one.title != loop.previtem.title %}<h3>{{ one.title }}</h3>{% endif %}
<p class="price">{{ one.sample }}: {{ one.problem or one.price }}</p>
<div class="body" lang="{{ one.language }}">{% if one.subject %}<b>{{ one.subject }}</b>

{% endif %}{{ one.body.strip() }}</div>
{% endfor %}
</body>
</html>
"""


def page(agency: Agency, previewed: Sequence[Previewed]) -> str:
    """Return the preview as HTML."""
    pages = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, finalize=as_filled)
    template = pages.from_string(_PAGE)
    return template.render(agency=agency, previewed=previewed, languages=ENGLISH_NAMES, channels=CHANNELS)
