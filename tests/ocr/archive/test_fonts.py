import shutil
import zlib

import pytest

from domain.errors import InputError, MissingTool
from ocr.archive.drawing import Align, Rect, TextStyle, draw_qr, trimmed, wrap, wrap_evenly
from ocr.archive.fonts import FONT_FOLDERS, FontStyle, face_of, open_fonts, printable

VOWELS = "aăâeêioôơuưy"
MARKS = "\u0300\u0301\u0303\u0309\u0323"


def test_every_vietnamese_letter_can_be_printed_in_every_face(fonts):
    letters = "".join(v + m + v.upper() + m for v in VOWELS for m in MARKS) + VOWELS + VOWELS.upper() + "đĐ"

    for face in fonts.faces.values():
        assert "\u25a1" not in printable(fonts, letters)
        assert face.encode(printable(fonts, letters))


def test_faces_are_small_and_a_thousand_units_per_em(fonts):
    for face in fonts.faces.values():
        assert len(face.program) < 25_000
        assert face.advances["m"] == pytest.approx(778, abs=60)
        assert len(zlib.decompress(face.program)) == face.program_length


def test_cutting_down_again_gives_the_same_bytes(fonts):
    face_of.cache_clear()

    assert open_fonts() == fonts


def test_a_folder_without_a_vietnamese_face_is_said_to_lack_one(tmp_path):
    with pytest.raises(MissingTool, match="fonts-liberation2"):
        open_fonts([tmp_path])


def test_a_broken_font_file_is_passed_over(tmp_path, fonts):
    good = next(folder for folder in FONT_FOLDERS if (folder / "LiberationSerif-Regular.ttf").exists())
    for style in ("Regular", "Bold", "Italic"):
        shutil.copy(good / f"LiberationSerif-{style}.ttf", tmp_path)
    (tmp_path / "LiberationSerif-Regular.ttf").write_bytes(b"no font")

    assert open_fonts([tmp_path, *FONT_FOLDERS]) == fonts


def test_a_character_without_a_glyph_is_refused_in_a_copy_and_marked_in_a_report(fonts):
    with pytest.raises(InputError, match="漢"):
        fonts.faces[FontStyle.REGULAR].encode("漢")

    assert printable(fonts, "CN=漢 Nguyễn\u200b\n") == "CN=\u25a1 Nguyễn"


def test_lines_are_never_wider_than_their_column(fonts):
    style = TextStyle(size=12, indent=20)
    text = "Chứng thực bản sao điện tử này đúng với bản chính " * 5 + "x" * 300

    lines = wrap(fonts, style, text, 180)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(fonts.width(style.face, line, 12) <= 180 for line in lines)
    assert fonts.width(style.face, lines[0], 12) <= 160


def test_a_heading_is_broken_into_even_lines(fonts):
    style = TextStyle(size=12, face=FontStyle.BOLD, align=Align.CENTER)

    lines = wrap_evenly(fonts, style, "ỦY BAN NHÂN DÂN PHƯỜNG ĐỒNG XOÀI", 230)

    assert lines == ("ỦY BAN NHÂN DÂN", "PHƯỜNG ĐỒNG XOÀI")


def test_a_white_border_around_a_code_is_cut_off():
    bare = ((True, False, True), (False, False, False), (True, True, True))
    bordered = ((False,) * 5, *((False, *row, False) for row in bare), (False,) * 5)

    assert trimmed(bordered) == bare
    assert draw_qr(bordered, Rect(0, 0, 3, 3)) == draw_qr(bare, Rect(0, 0, 3, 3))
