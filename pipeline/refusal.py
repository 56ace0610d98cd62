"""The originals that may not be certified (NĐ 23/2015 Art. 22): the checklist, and what the text itself gives away."""

import re
from collections.abc import Iterator, Sequence

from domain.models import PageText, Problem

CHECKLIST = ("22.1", "22.2", "22.3", "22.4", "22.5", "22.6")
"""The grounds of refusal, by the clauses of the article; 22.5 is Art. 20 k1 (foreign paper not legalised)."""

_SECRECY = re.compile(r"(?:TUYỆT MẬT|TỐI MẬT|MẬT)")
_NO_COPYING = re.compile(r"KHÔNG ĐƯỢC (?:SAO CHỤP|SAO CHÉP|PHOTOCOPY)", re.IGNORECASE)
_COPY_MARK = re.compile(r"\(?(?:BẢN SAO|SAO Y|SAO LỤC|TRÍCH SAO|BẢN PHOTO)(?: BẢN CHÍNH)?\)?")


def refusal_grounds(pages: Sequence[PageText]) -> tuple[Problem, ...]:
    """Return what in the text speaks against certifying, for a person to decide on."""
    return tuple(problem for page in pages for problem in _grounds(page))


def _grounds(page: PageText) -> Iterator[Problem]:
    lines = [line.strip(" .:-–_*|") for line in page.text.splitlines()]
    if any(_SECRECY.fullmatch(line) for line in lines):
        yield Problem(code="secrecy_mark", page=page.number)
    if _NO_COPYING.search(page.text):
        yield Problem(code="copying_forbidden", page=page.number)
    if any(_COPY_MARK.fullmatch(line) for line in lines):
        yield Problem(code="copy_mark", page=page.number)
