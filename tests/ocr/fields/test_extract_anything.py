from hypothesis import example, given, settings
from hypothesis import strategies as st
from kind_reader import delivered_kinds, delivered_options
from typed_papers import kinds_folder

from domain.models import Box, PageText, TextOrigin, Word
from ocr.fields.extract import ExtractOptions, extract

WORDS = sorted({word for path in kinds_folder().glob("*/page.txt") for word in path.read_text("utf-8").split()})

KINDS, OPTIONS = delivered_kinds(), delivered_options()
SET_KINDS = sorted(set(KINDS.kinds) - {"unknown"})

places = st.floats(0, 1, allow_nan=False)
texts = st.sampled_from(WORDS) | st.text(min_size=1, max_size=12)


@st.composite
def words(draw: st.DrawFn) -> Word:
    x, y, width, height = draw(places), draw(places), draw(st.floats(0, 0.3)), draw(st.floats(0, 0.05))
    return Word(
        text=draw(texts),
        confidence=draw(places),
        box=Box(x, y, x + width, y + height),
        line=draw(st.integers(0, 12)),
        block=draw(st.integers(0, 3)),
    )


def without_width(text: str, line: int) -> Word:
    """Return a word whose box has no width, as text layers have them, alone on its line."""
    y = 0.5 + 0.1 * line
    return Word(text=text, confidence=0.0, box=Box(0.0, y, 0.0, y + 0.05), line=line)


def at_edge(text: str, x: float, block: int = 0) -> Word:
    """Return a word without width at an edge of the page."""
    return Word(text=text, confidence=0.0, box=Box(x, 0.0, x, 0.0), line=0, block=block)


NOTHING_BELOW = [*[at_edge("(BẢN", 0.0)] * 8, at_edge("(BẢN", 1.0, block=1), at_edge("bà:", 1.0)]
"""A label with nothing below it but beyond the next one."""


@example(found=NOTHING_BELOW, kind="diploma")
@example(found=[without_width("Ngành,", 0), without_width("(Bằng", 1)], kind="diploma")
@settings(max_examples=120, deadline=None)
@given(found=st.lists(words(), max_size=60), kind=st.sampled_from(["", *SET_KINDS]))
def test_whatever_was_read_gives_an_answer_and_no_required_field_is_passed_over(found: list[Word], kind: str) -> None:
    page = PageText(
        number=1, width=2480, height=3508, dpi=300, origin=TextOrigin.OCR, words=tuple(found), text="",
    )  # fmt: skip

    answer = extract(
        (page,),
        KINDS,
        options=ExtractOptions(calibration=OPTIONS.calibration, units=OPTIONS.units, kind=kind),
    )

    required = [rule.name for rule in KINDS.get(answer.kind).fields if rule.required]
    blocking = {problem.field_name for problem in answer.problems if problem.blocking}
    missing = {name for name in required if answer.fields[name].value is None} if answer.kind != "unknown" else set()
    assert missing <= blocking
    assert answer.kind != "unknown" or answer.problems
