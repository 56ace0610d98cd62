import pytest

from ocr.recognition.tidy import tidy
from ocr.tools import EngineWord


def word(text: str) -> EngineWord:
    return EngineWord(text=text, confidence=0.9, left=0, top=0, right=100, bottom=20, block=1, line=(1, 1, 1))


def test_words_with_a_rule_between_them_are_two() -> None:
    first, second = tidy([word("tên:_Nơi")])

    assert (first.text, second.text, first.raw) == ("tên:", "Nơi", "tên:_Nơi")
    assert 0 == first.left < first.right < second.left < second.right == 100


@pytest.mark.parametrize("text", ["mot_cua@example.vn", "_tên", "tên_"])
def test_other_words_stay_whole(text: str) -> None:
    assert [found.text for found in tidy([word(text)])] == [text]


@pytest.mark.parametrize(
    ("read", "kept"), [("STT..|", "STT"), ("năm.||", "năm"), ("202|", "202|"), ("Tạ|", "Tạ|"), ("15.|", "15.|")]
)
def test_specks_and_a_frame_behind_letters_are_left_out_and_a_stroke_that_can_be_one_is_kept(
    read: str, kept: str
) -> None:
    assert [found.text for found in tidy([word(read)])] == [kept]


@pytest.mark.parametrize(
    ("read", "kept"), [("~⁄«", ["-/-"]), ("-/;", ["-/-"]), ("-/-", ["-/-"]), ("ˆˆ", []), ("ˆ.", [])]
)
def test_strokes_for_nothing_are_kept_and_lone_accents_are_not(read: str, kept: list[str]) -> None:
    doubtful = EngineWord(text=read, confidence=0.4, left=110, top=0, right=140, bottom=20, block=1, line=(1, 1, 1))

    assert [found.text for found in tidy([word("ở:"), doubtful])] == ["ở:", *kept]


def test_a_word_whose_box_reaches_over_the_next_one_ends_before_it() -> None:
    places = {"GIẤY": (20, 100), "XÁC:NHẬN": (110, 500), "TÌNH": (330, 420), "TRẠNG": (430, 490), "HÔN": (520, 600)}
    line = [
        EngineWord(text=text, confidence=0.9, left=left, top=0, right=right, bottom=20, block=1, line=(1, 1, 1))
        for text, (left, right) in places.items()
    ]

    found = {word.text: (word.left, word.right) for word in tidy(line)}

    assert found == {**places, "XÁC:NHẬN": (110, 330)}
