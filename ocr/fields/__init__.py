"""Kinds of papers and their fields: found, normalized, checked, and with the probability that they are right."""
