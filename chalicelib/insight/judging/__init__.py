"""The judging of words: what waits, the drafts of one person, and the approval of another."""
