"""Acts with their notes."""
