"""The desk: pages for the agency's people, behind one door."""
