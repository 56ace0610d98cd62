"""How sure a value is: from the words it was read from to a calibrated probability."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from domain.errors import ConfigurationError
from ocr.fields.lines import Piece

FEATURES = (
    "bias",
    "weakest",
    "mean",
    "words",
    "label",
    "confirmed",
    "repeated",
    "corrected",
    "wide",
    "listed",
    "open",
    "agreed",
    "disputed",
    "strange",
    "page",
)
_FLOOR = 1e-3
_DIM = 0.5
"""Word confidence under which a value is no surer than its weakest word, unless something else says the same."""

POOR_PAGE: Final = 1.2
"""Mean of a page's words (`doubt_of`) under which two models can read the same wrong figure, or lose the same tone of a
name: one of less confidence than `_CLEAR` is no surer than its weakest word, unless the paper, or for figures a third
model, says the same."""
_CLEAR: Final = {"figures": 0.85, "name": 0.92}
_FAINT = 0.7
"""Word confidence under which three models can: a 5 of an old page was read as 8 by all of them."""


def doubt_of(confidence: float) -> float:
    """Return how sure a word is on a scale from 0 for not at all to 3, where one of a thousand would be wrong."""
    return -math.log10(max(1 - confidence, _FLOOR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for and against a value."""

    family: str
    """`figures`, `name`, `text` or `choice`."""
    pieces: tuple[Piece, ...]
    label_distance: int = 0
    confirmed: bool = False
    """Whether the paper says the same in another way: in words, in a code or in machine-readable lines."""
    repeated: float = 0.0
    """Share of its pairs of words, from 0 to 1, that stand once more on the paper in the same spelling."""
    corrected: bool = False
    """Whether the recognizer put one of its words right."""
    lines: int = 1
    """Number of lines that the value fills."""
    listed: float = 0.0
    """Share of its words, from 0 to 1, that are known to be spelled so in their place."""
    open_words: int = 0
    """Number of its words that are neither listed nor repeated."""
    strange: int = 0
    """Number of its words that are neither syllables nor figures nor listed."""
    page: float = 0.0
    """Mean of the doubts of all words of its pages, on the scale of `doubt_of`: how well they could be read at all."""
    agreed: bool | None = None
    """Whether another model read the same; None where it was not asked."""
    borne_out: bool = False
    """Whether a third model read the same figures too wherever one of the first two was not sure."""

    of_list: bool = False
    """Whether all its words are those of a known agency or place; names of people can differ in a tone only."""

    def vector(self) -> tuple[float, ...]:
        """Return the numbers that stand for it, in the order of `FEATURES`."""
        doubts = [doubt_of(p.word.confidence) for p in self.pieces] or [0.0]
        return (
            1.0,
            min(doubts),
            sum(doubts) / len(doubts),
            math.log2(len(doubts)),
            float(self.label_distance),
            float(self.confirmed),
            self.repeated,
            float(self.corrected),
            float(self.lines > 1),
            self.listed,
            math.log2(1 + self.open_words),
            float(self.agreed is True),
            float(self.agreed is False),
            math.log2(1 + self.strange),
            self.page,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Measured weights and thresholds, by family of values."""

    weights: Mapping[str, tuple[float, ...]]
    """By family, in the order of `FEATURES`, on a logistic scale."""
    thresholds: Mapping[str, float]
    """By family: the probability under which a person looks at a value."""

    def threshold(self, family: str) -> float:
        """Return the probability under which a person looks at a value of a family."""
        return self.thresholds.get(family, self.thresholds["text"])

    def probability(self, evidence: Evidence) -> float:
        """Return the probability, from 0 to 1, that a value is what the paper says."""
        weights = self.weights.get(evidence.family, self.weights["text"])
        score = sum(w * x for w, x in zip(weights, evidence.vector(), strict=True))
        likely = 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))
        weakest = min((p.word.confidence for p in evidence.pieces), default=1.0)
        dim = weakest < _DIM and not evidence.agreed and not evidence.confirmed
        in_figures = evidence.family == "figures"
        borne_out = in_figures and evidence.agreed and evidence.borne_out and weakest >= _FAINT
        poor = evidence.page < POOR_PAGE and not (evidence.confirmed or evidence.of_list or borne_out)
        return min(likely, weakest) if dim or (poor and weakest < _CLEAR.get(evidence.family, 0.0)) else likely


def load_calibration(file: Traversable | Path) -> Calibration:
    """Return the calibration from a TOML file.

    Raises:
        ConfigurationError: The file is missing or wrong.
    """
    try:
        data = tomllib.loads(file.read_text("utf-8"))
        weights = {family: tuple(float(table[name]) for name in FEATURES) for family, table in data.items()}
        thresholds = {family: float(table["threshold"]) for family, table in data.items()}
        if "text" not in weights or not all(0 <= threshold <= 1 for threshold in thresholds.values()):
            raise ValueError("text, threshold")
        calibration = Calibration(weights=weights, thresholds=thresholds)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as e:
        raise ConfigurationError(f"Tệp {file.name} (độ tin cậy) bị sai: {e}; hãy cài đặt lại cấu hình.") from e
    return calibration
