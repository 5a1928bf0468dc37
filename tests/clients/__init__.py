"""Programs that vendors could have written: each posts a call's life by a client made from our description."""
