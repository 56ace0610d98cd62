"""How well and how fast pages are read, beside plain Tesseract and OCRmyPDF in the same run.

    python bench/ocr.py [--data DIR] [--levels clean_300,office_300,archive_200] [--papers 3] [--text FILE]...
        [--seed 2] [--jobs 2] [--received] [--alone]

DIR holds scans (`NAME.pdf`) with `NAME.truth.json` beside them: `segments` in order, each a text or `{"alts": [...]}`
with its legal reading orders, and `fields`. The levels are made on the spot. Character errors are counted strictly
(nearest legal reading order) and order-free (each true line at its best place). Odd seeds were used for tuning, even
ones are for reporting.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    # as a script, this file would hide the package `ocr`; worker processes, which import this file too, need nothing
    own = Path(__file__).resolve().parent
    sys.path[:] = [str(own.parent), *(entry for entry in sys.path if Path(entry or ".").resolve() != own)]
    from bench.reading import main

    main(__doc__)
