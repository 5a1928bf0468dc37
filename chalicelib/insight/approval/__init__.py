"""Acts that take two people: one proposes, another approves, and the approval does it."""
