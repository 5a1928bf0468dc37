"""Common to all commands: options, paths, the terminal, and the way to a stack."""
