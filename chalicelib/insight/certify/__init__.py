"""The conformance run: what a sender's requests show, check by check, in words for its engineer and for the agency."""
