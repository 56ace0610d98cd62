"""How a verb tells its front end how far it is."""

from collections.abc import Callable
from typing import TypeAlias

OnPage: TypeAlias = Callable[[str, int], None]
"""Called with a paper's name and the number of a page that has been read; from any thread."""
