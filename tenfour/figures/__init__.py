"""Figures on this machine: the lake's SQL in DuckDB, charts, and the report as a page, PDF, Markdown or CSV."""
