"""What is known beforehand: syllables, phrases, names of places, units and offices, and how they are found in text."""
