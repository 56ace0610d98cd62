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
