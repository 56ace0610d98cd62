"""Files as they come: what is refused, which pages they have, and whether a text layer can be believed."""
