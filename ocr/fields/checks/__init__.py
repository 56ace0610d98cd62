"""Whether what was read can be true: checks of one value, and of values against one another."""
