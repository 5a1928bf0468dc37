"""How a stack does at this moment, today and this week."""
