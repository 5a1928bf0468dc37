"""Rows of `marks_by_group`, as the lake answers with them, of marks that a test makes up."""

from collections import Counter


def marks_by_group(marks):
    """Return the rows of marks: each a question, its dimension, its value there, and whether it is favorable."""
    found = Counter()
    for *group, favorable in marks:
        found[*group, "answers"] += 1
        found[*group, "favourable"] += favorable
    return [
        {
            "question": question,
            "question_version": "",
            "dimension": dimension,
            "value": value,
            **{name: found[question, dimension, value, name] for name in ("answers", "favourable")},
        }
        for question, dimension, value in sorted({key[:3] for key in found})
    ]
