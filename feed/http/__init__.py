"""A CAD that is asked over HTTP: request, pages, keys, and what its answers hold."""
