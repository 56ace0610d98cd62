"""What a signed copy says of itself, beside what is printed on it."""

from io import BytesIO

import pikepdf

from domain.errors import DamagedDocument


def signed_title(pdf: bytes) -> str:
    """Return the title in the metadata of a PDF; empty where it has none.

    Raises:
        DamagedDocument: it is no PDF that can be read.
    """
    try:
        with pikepdf.open(BytesIO(pdf)) as opened, opened.open_metadata(set_pikepdf_as_editor=False) as metadata:
            return str(metadata.get("dc:title", ""))
    except (pikepdf.PdfError, ValueError) as e:
        raise DamagedDocument("Tệp không phải PDF đọc được; hãy xin lại tệp từ nơi cấp.") from e
