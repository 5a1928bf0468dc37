"""The stack in an agency's AWS account: checks, package, change set, smoke test, keys, and its end."""
