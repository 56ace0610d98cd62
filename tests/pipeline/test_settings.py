import tomllib
from datetime import UTC
from importlib.resources import files
from pathlib import Path

import pytest

from domain.errors import ConfigurationError
from pipeline.messages import load_messages
from pipeline.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent.parent
DEFAULT = (files("configs") / "default.toml").read_text("utf-8")


def test_every_setting_stands_in_the_default_file_under_a_comment() -> None:
    written = tomllib.loads(DEFAULT)
    lines = DEFAULT.splitlines()

    for section, model in Settings.model_fields.items():
        names = set(model.annotation.model_fields)  # type: ignore[union-attr]
        assert set(written[section]) == names
        for name in names:
            starts = (f"{name} = ", f"[{section}.{name}]")
            place = next(n for n, line in enumerate(lines) if line.startswith(starts))
            near = lines[max(0, place - 4) : place] if lines[place].startswith(name) else lines[place + 1 : place + 5]
            assert any(line.startswith("#") for line in near), f"{section}.{name} is not explained"


def test_every_setting_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "pipeline").glob("*.py") if path.name != "settings.py")

    for section, model in Settings.model_fields.items():
        for name in model.annotation.model_fields:  # type: ignore[union-attr]
            assert f".{name}" in code, f"{section}.{name} does nothing"


def test_the_own_file_and_the_environment_overlay_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sohoa.toml").write_text('[site]\nhost = "a.example"\n[office]\nplace = "Huế"\n', "utf-8")
    monkeypatch.setenv("SOHOA_SITE__HOST", "b.example")

    settings = load_settings(tmp_path)

    assert (settings.site.host, settings.office.place) == ("b.example", "Huế")
    assert settings.intake.max_pages == tomllib.loads(DEFAULT)["intake"]["max_pages"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[site]\nhots = 1\n", "site.hots"),
        ("[intake]\nmax_pages = 'viele'\n", "intake.max_pages"),
        ("[[", "sohoa.toml"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(text: str, named: str, tmp_path: Path) -> None:
    (tmp_path / "sohoa.toml").write_text(text, "utf-8")

    with pytest.raises(ConfigurationError, match=named):
        load_settings(tmp_path)


def test_every_message_has_words_in_both_languages() -> None:
    for entry in (files("configs") / "messages").iterdir():
        for code, words in tomllib.loads(entry.read_text("utf-8")).items():
            assert set(words) == {"vi", "en"}, f"{entry.name}: {code}"
    assert "verdict_genuine" in load_messages(UTC)
