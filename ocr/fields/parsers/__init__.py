"""From the text of a field to its normalized value, one module a form."""
