"""The ledger of looks and acts: what is noted, in which words, and what can't be done without a note."""
