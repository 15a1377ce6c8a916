"""QR codes as drawings for a page: no inline style, sized by the style sheet."""

import segno
from markupsafe import Markup


def svg(address: str) -> Markup:
    """The QR code of *address* as an SVG; its meaning must also stand beside it in words."""
    drawing = segno.make(address, error="m", micro=False)
    return Markup(drawing.svg_inline(scale=4, border=4, svgclass=None, lineclass=None, omitsize=True))  # noqa: S704
