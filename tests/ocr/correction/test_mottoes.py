from ocr.correction.mottoes import with_dashes
from ocr.page.reading_order import PlacedWord


def line(text: str, gap: int) -> list[PlacedWord]:
    words = text.split()
    width = 90 + gap
    return [
        PlacedWord(text=word, confidence=0.9, left=width * i, top=0, right=width * i + 90, bottom=30, line=0)
        for i, word in enumerate(words)
    ]


def dashed(text: str, gap: int = 30) -> str:
    return " ".join(word.text for word in with_dashes(line(text, gap)))


def test_a_dash_that_faded_is_put_where_there_is_room() -> None:
    assert dashed("Độc lập - Tự do Hạnh phúc") == "Độc lập - Tự do - Hạnh phúc"


def test_a_sign_that_a_dash_was_taken_for_is_a_dash() -> None:
    assert dashed("ĐĂK HÀ Độc lập. Tự do < Hạnh phúc") == "ĐĂK HÀ Độc lập - Tự do - Hạnh phúc"


def test_words_close_together_stay() -> None:
    assert dashed("Độc lập - Tự do Hạnh phúc", gap=8) == "Độc lập - Tự do Hạnh phúc"


def test_other_words_stay() -> None:
    assert dashed("Quyền tự do và hạnh phúc") == "Quyền tự do và hạnh phúc"
