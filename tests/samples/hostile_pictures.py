"""Pictures that attack or are merely odd, made here: each function returns the bytes of one case."""

from __future__ import annotations

import io
import zlib

import pillow_heif
from PIL import Image

from tests.samples.hostile import archive, arrow, chunk, jpeg, png, png_of

PNG_START = b"\x89PNG\r\n\x1a\n"


def heic(image: Image.Image | None = None, **options: object) -> bytes:
    """I3: a picture as iPhones store it."""
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image or arrow()).save(buffer, quality=80, **options)
    return buffer.getvalue()


def heic_with_place(orientation: int = 1) -> bytes:
    """I3, I4: one that tells where it was taken, held another way when `orientation` says so."""
    back = {
        3: Image.Transpose.ROTATE_180,
        6: Image.Transpose.ROTATE_90,
        8: Image.Transpose.ROTATE_270,
    }
    image = arrow()
    image = image.transpose(back[orientation]) if orientation in back else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Telefono"
    exif.get_ifd(0x8825)[2] = (29.0, 4.0, 22.0)
    return heic(image, exif=exif.tobytes(), xmp=b"<x:xmpmeta>casa</x:xmpmeta>")


def cut(content: bytes, share: float) -> bytes:
    """Return only the first part of a file."""
    return content[: int(len(content) * share)]


def stated_size(content: bytes, width: int, height: int) -> bytes:
    """I6: a HEIC that says (in `ispe`) it is that large."""
    at = content.index(b"ispe") + 8
    return content[:at] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + content[at + 8 :]


def two_pictures() -> bytes:
    """I7: a phone's portrait: a second picture behind the first, both in one JPEG."""
    buffer = io.BytesIO()
    arrow().save(buffer, "MPO", save_all=True, append_images=[Image.new("RGB", (40, 30))])
    return buffer.getvalue()


def other_format(name: str) -> bytes:
    """I13: a picture of a kind that nobody asked for."""
    buffer = io.BytesIO()
    arrow().save(buffer, name)
    return buffer.getvalue()


def moving_png() -> bytes:
    """I14: a PNG that plays."""
    return png(save_all=True, append_images=[Image.new("RGB", (400, 300), "black")])


def with_chunk(name: bytes, content: bytes) -> bytes:
    """I15: a PNG with one more piece before its pixels."""
    image = png()
    end = len(PNG_START) + 25
    return image[:end] + chunk(name, content) + image[end:]


def text_bomb() -> bytes:
    """I15: a compressed remark of 200 MB in 200 kB."""
    return with_chunk(b"zTXt", b"c\x00\x00" + zlib.compress(bytes(200 * 2**20), 9))


def profile_bomb() -> bytes:
    """I15: a colour profile of 200 MB in 200 kB."""
    return with_chunk(b"iCCP", b"p\x00\x00" + zlib.compress(bytes(200 * 2**20), 9))


def large_profile() -> bytes:
    """I15: a JPEG with a colour profile of 5 MB that is none."""
    return jpeg(icc_profile=b"x" * 5_000_000)


def enormous_heic() -> bytes:
    """I6: one of 200 megapixels, it says."""
    return stated_size(heic(), 16_000, 12_500)


def square_png(side: int) -> bytes:
    """I8: 144 or 900 megapixels in a few kilobytes."""
    return png_of(side, side)


def long_strip() -> bytes:
    """I9: a strip that fits no screen."""
    return png_of(50_000, 10)


def archive_behind() -> bytes:
    """I11: a photo with an archive behind its end."""
    return jpeg() + archive(2000)


def page_behind() -> bytes:
    """I11: a picture with a page of HTML behind its end."""
    return png() + b"<script>alert(1)</script>"


def drawing_with_script() -> bytes:
    """I12: a drawing that runs."""
    return b"<svg onload=alert(1)>"


def jpeg_in_mode(mode: str) -> bytes:
    """I16: a photo for printers, or without colours."""
    return jpeg(arrow(mode))


def png_in_mode(mode: str) -> bytes:
    """I16: a picture of sixteen bits, one bit, a palette or with transparency."""
    return png(Image.new(mode, (400, 300), 65_535) if mode == "I;16" else arrow(mode))


def one_colour(colour: str) -> bytes:
    """I18: a picture of nothing."""
    return png(Image.new("RGB", (900, 900), colour))


def tiny() -> bytes:
    """I18: a picture too small to read."""
    return png(arrow(size=(20, 20)))
