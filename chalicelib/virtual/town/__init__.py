"""The one inventor of calls, callers and replies; each rig adds only its own twist."""
