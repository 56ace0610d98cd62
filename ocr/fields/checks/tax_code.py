"""The check digit of tax codes (TT 105/2020/TT-BTC)."""

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def tax_code_holds(code: str) -> bool:
    """Return whether the tenth digit fits the nine before it; 12-digit personal numbers have no check digit."""
    main, _, branch = code.partition("-")
    if len(main) == 12:
        return main.isdigit() and not branch
    if (
        len(main) != 10
        or not main.isdigit()
        or branch == "000"
        or (branch and not (len(branch) == 3 and branch.isdigit()))
    ):
        return False
    return 10 - sum(int(d) * w for d, w in zip(main, _WEIGHTS, strict=False)) % 11 == int(main[9])
