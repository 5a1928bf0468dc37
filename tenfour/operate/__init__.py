"""Everyday work with a running stack, on paper and in 80 columns: stories, a status, survey cards."""
