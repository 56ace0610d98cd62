"""The checklist of originals that may not be certified (NĐ 23/2015 Art. 22)."""

from collections.abc import Sequence

from domain.errors import InputError

CHECKLIST = ("22.1", "22.2", "22.3", "22.4", "22.5", "22.6")
"""The grounds of refusal, by the clauses of the article; 22.5 is Art. 20 k1 (foreign paper not legalised)."""


def declared(applying: Sequence[str]) -> dict[str, bool]:
    """Return the answers to the checklist where these grounds apply and the others do not.

    Raises:
        InputError: There is no such ground.
    """
    if unknown := sorted(set(applying) - set(CHECKLIST)):
        raise InputError(f"Không có căn cứ {', '.join(unknown)}; chỉ có {', '.join(CHECKLIST)}.")
    return {ground: ground in applying for ground in CHECKLIST}
