"""The one-way order of the packages, and the libraries that stay in one package each."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MAY_IMPORT = {
    "domain": set(),
    "ocr": {"domain", "configs"},
    "signing": {"domain", "configs"},
    "storage": {"domain", "configs"},
    "pipeline": {"domain", "configs", "ocr", "signing", "storage"},
    "portal": {"domain", "configs", "pipeline"},
    "terminal": {"domain", "pipeline"},
    "commands": {"domain", "pipeline", "terminal"},
    "cli": {"commands", "domain", "configs", "pipeline", "portal", "terminal"},
    "configs": set(),
}
MAY_IMPORT_WITHIN_OCR = {
    "tools": set(),
    "snippets": {"picture", "tools"},
    "picture": set(),
    "lexicon": set(),
    "symbols": {"picture"},
    "page": {"picture"},
    "correction": {"lexicon", "page"},
    "recognition": {"correction", "lexicon", "page", "picture", "snippets", "symbols", "tools"},
    "files": {"lexicon", "page", "picture", "snippets", "tools"},
    "fields": {"lexicon", "page", "picture", "recognition", "snippets", "symbols", "tools"},
    "split": {"fields", "lexicon", "picture", "recognition", "symbols"},
    "archive": {"picture"},
    "samples": {"separators", "symbols"},
    "separators": {"samples", "symbols"},
}
"""The road of a page: its file, its picture, its words, what the language says about them, its fields."""
CONFINED = {
    "pyhanko": {"signing"},
    "pyhanko_certvalidator": {"signing"},
    "cbor2": {"signing"},
    "qrcode": {"signing"},
    "pkcs11": {"signing"},
    "asn1crypto": {"signing"},
    "pytesseract": {"ocr"},
    "cv2": {"ocr"},
    "pypdfium2": {"ocr"},
    "pdfplumber": {"ocr"},
    "zxingcpp": {"ocr"},
    "fontTools": {"ocr"},
    "pikepdf": {"ocr", "signing"},
    "minio": {"storage"},
    "sqlalchemy": {"storage"},
    "alembic": {"storage"},
    "fastapi": {"portal"},
    "uvicorn": {"portal"},
    "typer": {"cli", "commands"},
    "rich": {"terminal"},
}
STARTS_PROGRAMS = {"ocr/tools.py"}


def modules() -> list[Path]:
    found = [ROOT / "cli.py"] if (ROOT / "cli.py").exists() else []
    for package in MAY_IMPORT:
        found += (ROOT / package).rglob("*.py")
    return sorted(found)


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> tuple[tuple[str, ast.stmt, bool], ...]:
    """Return what a module imports, and whether at its top; several tests ask, and to parse it takes long."""
    return tuple(find_imports(ast.parse(path.read_text("utf-8")), path))


def find_imports(tree: ast.Module, path: Path) -> Iterator[tuple[str, ast.stmt, bool]]:
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name.split(".")[0], node, id(node) in top
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield (node.module or "").split(".")[0], node, id(node) in top


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    package = package_of(path)
    foreign = {name for name, _, _ in imports(path) if name in MAY_IMPORT and name != package}

    assert foreign <= MAY_IMPORT[package]


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "ocr").rglob("*/*.py")) + sorted((ROOT / "ocr").glob("[a-z]*.py")),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_imports_within_reading_point_one_way(path: Path) -> None:
    part = path.relative_to(ROOT / "ocr").parts[0].removesuffix(".py")
    names = [node.module or "" for _, node, _ in imports(path) if isinstance(node, ast.ImportFrom)]
    used = {name.split(".")[1] for name in names if name.startswith("ocr.")}

    assert used - {part} <= MAY_IMPORT_WITHIN_OCR[part]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_library_stays_in_its_package(path: Path) -> None:
    package = package_of(path)
    strays = {name for name, _, _ in imports(path) if name in CONFINED and package not in CONFINED[name]}

    assert not strays


@pytest.mark.parametrize(
    "path", [p for p in modules() if package_of(p) not in {"cli", "commands"}], ids=lambda p: str(p.relative_to(ROOT))
)
def test_imports_stand_at_the_top_except_in_the_command(path: Path) -> None:
    late = [ast.unparse(node) for _, node, at_top in imports(path) if not at_top]

    assert not late


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_only_tools_starts_programs(path: Path) -> None:
    starters = {name for name, _, _ in imports(path) if name in {"subprocess", "pytesseract"}}
    calls = "os.system" in path.read_text("utf-8")

    assert not calls
    assert not starters or path.relative_to(ROOT).as_posix() in STARTS_PROGRAMS


def test_the_domain_needs_the_standard_library_only() -> None:
    names = {name for path in (ROOT / "domain").glob("*.py") for name, _, _ in imports(path)}

    assert names - {"domain"} <= set(sys.stdlib_module_names)
