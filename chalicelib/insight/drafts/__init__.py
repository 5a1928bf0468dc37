"""Drafts of settings at the desk: one person writes, another reviews against what is published, and it is published."""
