"""Tesseract's readings of a page, and how the better one wins word by word."""
