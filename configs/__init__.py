"""Settings, kinds of paper, statements, units and messages, as data with dates."""
