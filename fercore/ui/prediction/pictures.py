"""Pictures as data URLs: a visitor's photo never gets an address of its own."""

import base64
import io
from typing import Any


def inline(picture: Any) -> str:
    """(h, w, 3) uint8 as a data URL."""
    return data_url(_encoded(picture, "JPEG", quality=88))


def data_url(jpeg: bytes) -> str:
    """The bytes of a JPEG as a data URL."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def png(picture: Any) -> bytes:
    """(h, w, 3) uint8 as the bytes of a PNG."""
    return _encoded(picture, "PNG")


def _encoded(picture: Any, form: str, **looks: Any) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(picture).save(file, form, **looks)
    return file.getvalue()
