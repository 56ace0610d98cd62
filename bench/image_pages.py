"""PDF pages that are one image each, made on the spot."""

import pikepdf


def add_image_page(pdf: pikepdf.Pdf, data: bytes, *, size: tuple[int, int], dpi: float, **entries: object) -> None:
    """Add a page to a PDF that one image covers.

    Args:
        size: Width and height of the image in pixels.
        dpi: Its resolution on the page.
        entries: What else its dictionary says: color space, filter and so on.
    """
    width, height = size
    image = pdf.make_stream(
        data, {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": width, "/Height": height}
    )
    for name, value in entries.items():
        image[f"/{name}"] = value
    across, down = width * 72 / dpi, height * 72 / dpi
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, across, down],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image)),
        Contents=pdf.make_stream(f"q {across} 0 0 {down} 0 0 cm /Im0 Do Q".encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
