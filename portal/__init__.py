"""The web front end and REST API."""
