"""Pages of text as the recognizer would give them, from plain text: a column is a letter wide."""

from pathlib import Path

from domain.models import Box, PageText, TextOrigin, Word

COLUMNS, ROWS = 100, 70
NOTICE = "\n".join(
    (
        "      ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "      HUYỆN TÂN LẬP                  Độc lập - Tự do - Hạnh phúc",
        "      Số: 12/TB-UBND              Tân Lập, ngày 05 tháng 4 năm 2024",
        "",
        "                              THÔNG BÁO",
        "                Về việc tiếp công dân của bà Đỉnh Thị Mai",
        "",
        "     Ủy ban nhân dân huyện Tân Lập thông báo lịch tiếp công dân như sau, từ tháng này.",
        "",
        "                                                 CHỦ TỊCH",
        "",
        "",
        "                                              Trần Văn Bình",
    )
)


def typed_page(text: str, *, number: int = 1, confidence: float = 0.99, rows: int = ROWS) -> PageText:
    """Return a page on which each line of the text is a line, and each character a column."""
    words = []
    for index, line in enumerate(text.split("\n")):
        for column, word in _words(line):
            box = Box(column / COLUMNS, index / rows, (column + len(word)) / COLUMNS, (index + 0.75) / rows)
            words.append(Word(text=word, confidence=confidence, box=box, line=index))
    return PageText(
        number=number, width=2480, height=3508, dpi=300, origin=TextOrigin.OCR, words=tuple(words), text=text
    )


def typed_paper(text: str, *, confidence: float = 0.99) -> tuple[PageText, ...]:
    """Return the pages of a text; a form feed begins the next one."""
    return tuple(
        typed_page(page, number=number, confidence=confidence) for number, page in enumerate(text.split("\f"), 1)
    )


def kinds_folder() -> Path:
    """Return the folder with the texts and expected values of each kind."""
    return Path(__file__).parent / "data" / "kinds"


def _words(line: str) -> list[tuple[int, str]]:
    found, column = [], 0
    for word in line.split(" "):
        if word:
            found.append((column, word))
        column += len(word) + 1
    return found
