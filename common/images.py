"""Pictures, decoded inside the limited child only: foreign bytes in, a clean picture out.

A derivative is a new RGB picture with the pixels pasted onto white: no EXIF, no position, no colour
profile, nothing behind the last byte. Only JPEG, PNG and HEIC are ever decoded, whatever the name says.
"""

from __future__ import annotations

import io
import struct
import warnings
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pillow_heif
from PIL import (
    Image,
    ImageFile,
    ImageFilter,
    ImageOps,
    ImageStat,
    JpegImagePlugin,
    PngImagePlugin,
)

from common.uploads.kinds import MAX_PIXELS, MAX_SIDE_PIXELS
from common.uploads.refusals import Refusal, Refused

FORMATS = (
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    pillow_heif.HeifImageFile.format,
)
WORKING_SIDE = 3000
DERIVATIVE_SIDE = 1600
DERIVATIVE_BYTES = 150_000
MEASURE_SIDE = 1000

DARK_PAPER = 110
BLURRED_EDGES = 72
EDGE_SHARE = 0.99
SMALL_SIDE = 600
BLANK_SPREAD = 4.0
FLAT_SHARE = 0.55
SCREEN_RATIO = 1.7

# The child may start no thread; a second picture in the file (thumbnail, depth) is never looked at.
pillow_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=0
)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
PngImagePlugin.MAX_TEXT_MEMORY = 4 * 1024 * 1024

_DAMAGE = (
    *(OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, ArithmeticError),
    *(EOFError, RuntimeError),
)
_TURNS: dict[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class Quality:
    """What a look at the picture says, as help for its sender; it never refuses anything.

    `paper` is the grey level (0–255) that the brightest tenth reaches, `edges` the step of grey (0–128)
    that the sharpest hundredth of the picture reaches at 1,000 px, `flat` the share of neighbours with the
    very same grey. Printed sheets in focus have edges of 89 and more, moved ones 63 at most (`script/bench
    reading` draws them).
    """

    paper: int
    edges: int
    flat: float
    is_dark: bool
    is_blurred: bool
    is_blank: bool
    is_small: bool
    looks_like_screenshot: bool

    @property
    def troubles(self) -> list[str]:
        """The names of what its sender is told: dark, blurred, blank, small, screenshot."""
        named = {
            "dark": self.is_dark,
            "blurred": self.is_blurred,
            "blank": self.is_blank,
            "small": self.is_small,
            "screenshot": self.looks_like_screenshot,
        }
        return [name for name, is_so in named.items() if is_so]


def open_picture(path: Path) -> Image.Image:
    """Decode a JPEG, PNG or HEIC into an upright RGB picture of at most about 3,000 px a side.

    Raises Refused with IMAGE_TOO_LARGE (over 50 megapixels or 12,000 px a side, by its header) or
    IMAGE_DAMAGED (does not decode to its last row).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                _check_size(image)
                orientation = _orientation(image)
                image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
                _load_to_the_last_row(image)
                return _turned(_on_white(_reduced(_in_eight_bits(image))), orientation)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused(Refusal.IMAGE_TOO_LARGE) from None
    except _DAMAGE:
        raise Refused(Refusal.IMAGE_DAMAGED) from None


def _load_to_the_last_row(image: ImageFile.ImageFile) -> None:
    # WeasyPrint, imported by whoever draws papers, tells Pillow to fill up a cut picture with grey.
    filling = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        image.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = filling


def derivative(
    image: Image.Image, *, side: int = DERIVATIVE_SIDE, most_bytes: int = DERIVATIVE_BYTES
) -> bytes:
    """Return the picture as a JPEG of at most 1,600 px a side and about 150 kB, without metadata."""
    small = fitted(image, side)
    content = b""
    for quality in (82, 74, 66, 58, 50, 42, 34):
        buffer = io.BytesIO()
        small.save(buffer, "JPEG", quality=quality, optimize=True)
        content = buffer.getvalue()
        if len(content) <= most_bytes:
            return content
    if max(small.size) <= 400:
        return content
    return derivative(small, side=int(max(small.size) * 0.8), most_bytes=most_bytes)


def fitted(image: Image.Image, side: int) -> Image.Image:
    """Return a copy whose long side is at most `side` pixels; never enlarges."""
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    return copy


def quality(image: Image.Image) -> Quality:
    """Measure light, sharpness and flatness of an upright RGB picture."""
    grey = fitted(image, MEASURE_SIDE).convert("L")
    paper = _percentile(grey.histogram(), 0.9)
    spread = ImageStat.Stat(grey).stddev[0]
    edges = _edges(grey)
    flat = _flat_share(grey)
    ratio = max(image.size) / max(min(image.size), 1)
    return Quality(
        paper=paper,
        edges=edges,
        flat=round(flat, 3),
        is_dark=paper < DARK_PAPER,
        is_blurred=spread >= BLANK_SPREAD and edges < BLURRED_EDGES,
        is_blank=spread < BLANK_SPREAD,
        is_small=max(image.size) < SMALL_SIDE,
        looks_like_screenshot=ratio >= SCREEN_RATIO and flat >= FLAT_SHARE,
    )


def even_light(image: Image.Image) -> Image.Image:
    """Return the picture in grey with its shadows divided out and the paper near white."""
    grey = image.convert("L")
    side = max(8, max(grey.size) // 40)
    small = grey.resize((max(1, grey.width // 8), max(1, grey.height // 8)))
    ground = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(side / 8))
    ground = ground.resize(grey.size, Image.Resampling.BILINEAR)
    return ImageOps.autocontrast(_divided(grey, ground), cutoff=1)


def _divided(grey: Image.Image, ground: Image.Image) -> Image.Image:
    # 255 · grey / ground without a number library: exp(log grey − log ground) in 8-bit steps is too
    # coarse, so the division is done by float images.
    from PIL import ImageMath

    return ImageMath.lambda_eval(
        lambda args: args["convert"](
            args["min"](
                args["float"](args["grey"]) * 255 / (args["float"](args["ground"]) + 1), 255
            ),
            "L",
        ),
        grey=grey,
        ground=ground,
    )


def _check_size(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PIXELS:
        raise Refused(Refusal.IMAGE_TOO_LARGE)


def _orientation(image: Image.Image) -> object:
    """Return what the EXIF says of it; whatever is no orientation turns nothing."""
    try:
        return image.getexif().get(0x0112)
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return None


def _in_eight_bits(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        return image.point(lambda value: value / 256).convert("L")
    return image


def _reduced(image: Image.Image) -> Image.Image:
    factor = max(image.size) // WORKING_SIDE
    if factor < 2:
        return image
    if image.mode in {"P", "1", "PA"}:
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    return image.reduce(factor)


def _on_white(image: Image.Image) -> Image.Image:
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    image = image.convert("RGBA" if has_alpha else "RGB")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image.getchannel("A") if has_alpha else None)
    return canvas


def _turned(image: Image.Image, orientation: object) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _percentile(histogram: list[int], share: float) -> int:
    return bisect_left(list(accumulate(histogram)), sum(histogram) * share)


def _edges(grey: Image.Image) -> int:
    """Measure the sharpest strokes alone: the grain of a dark photo is no sharpness, nor is empty paper blur."""
    if min(grey.size) < 3:
        return 0
    kernel = ImageFilter.Kernel((3, 3), [0, 1, 0, 1, -4, 1, 0, 1, 0], scale=1, offset=128)
    without_grain = ImageOps.autocontrast(grey.filter(ImageFilter.MedianFilter(3)))
    levels = without_grain.filter(kernel).histogram()
    steps = [levels[128]] + [levels[128 - step] + levels[128 + step] for step in range(1, 128)]
    return _percentile([*steps, levels[0]], EDGE_SHARE)


def _flat_share(grey: Image.Image) -> float:
    if grey.width < 2:
        return 1.0
    from PIL import ImageChops

    left = grey.crop((0, 0, grey.width - 1, grey.height))
    right = grey.crop((1, 0, grey.width, grey.height))
    return ImageChops.difference(left, right).histogram()[0] / (left.width * left.height)
