"""Names of countries as nationalities (`configs/reading/countries.txt`)."""

from functools import cache
from importlib import resources

from domain.vietnamese import nfc


@cache
def countries() -> tuple[str, ...]:
    """Return the names of all countries, several for some of them."""
    text = resources.files("configs").joinpath("reading", "countries.txt").read_text("utf-8")
    lines = (line for line in nfc(text).splitlines() if line and not line.startswith("#"))
    return tuple(name.strip() for line in lines for name in line.split("|"))
