"""What a cheap phone in a badly lit room does to a sheet of paper."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageEnhance, ImageFilter

TABLE_COLOURS = ((92, 70, 52), (60, 64, 72), (150, 140, 128), (34, 48, 40))


@dataclass(frozen=True)
class Damage:
    """How much of each fault; lengths in pixels at the photo's own size, angles in degrees."""

    side: int = 1600
    quality: int = 70
    tilt: float = 0.0
    perspective: float = 0.0
    brightness: float = 1.0
    shadow: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    quarter_turns: int = 0
    margin: float = 0.0


DEGRADATIONS: dict[str, Damage] = {
    "clean": Damage(side=2200, quality=90),
    "mild": Damage(side=2000, tilt=0.8, shadow=0.25, noise=5, margin=0.03),
    "photo": Damage(tilt=2.0, perspective=0.02, shadow=0.45, blur=0.6, noise=8, margin=0.05),
    "dark": Damage(tilt=1.0, brightness=0.32, shadow=0.35, noise=9, margin=0.04),
    "blurred": Damage(blur=1.5, noise=5, shadow=0.2, margin=0.03),
    "perspective": Damage(perspective=0.055, tilt=2.5, shadow=0.3, noise=6, margin=0.07),
    "noisy": Damage(quality=28, noise=20, shadow=0.2),
    "sideways": Damage(quarter_turns=1, tilt=1.0, shadow=0.3, noise=6, margin=0.04),
    "upside_down": Damage(quarter_turns=2, tilt=1.0, shadow=0.2, noise=5, margin=0.04),
    "small": Damage(side=1100, quality=60, tilt=1.0, noise=5),
}


def photographed(page: Image.Image, degradation: str, chance: random.Random) -> bytes:
    """Return the JPEG that a phone makes of a printed page; the same chance gives the same photo."""
    damage = DEGRADATIONS[degradation]
    image = _on_table(page, damage, chance)
    image = _tilted(image, damage, chance)
    image = image.resize(_size(image, damage.side), Image.Resampling.LANCZOS)
    image = _lit(image, damage, chance)
    if damage.blur:
        image = image.filter(ImageFilter.GaussianBlur(damage.blur * chance.uniform(0.8, 1.2)))
    if damage.noise:
        image = _grained(image, damage.noise)
    for _ in range(damage.quarter_turns):
        image = image.transpose(Image.Transpose.ROTATE_90)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=damage.quality)
    return buffer.getvalue()


def _size(image: Image.Image, side: int) -> tuple[int, int]:
    share = side / max(image.size)
    return round(image.width * share), round(image.height * share)


def _on_table(page: Image.Image, damage: Damage, chance: random.Random) -> Image.Image:
    if not damage.margin:
        return page
    edge = round(damage.margin * max(page.size))
    size = (page.width + 2 * edge, page.height + 2 * edge)
    table = Image.new("RGB", size, chance.choice(TABLE_COLOURS))
    table.paste(page, (edge, edge))
    return table


def _tilted(image: Image.Image, damage: Damage, chance: random.Random) -> Image.Image:
    ground = image.getpixel((0, 0)) if damage.margin else (255, 255, 255)
    if damage.perspective:
        width, height = image.size
        reach = damage.perspective
        left, right, top, bottom = (chance.uniform(0, reach) for _ in range(4))
        corners = (
            (-left * width, -top * height),
            (left * width * 0.3, height * (1 + bottom)),
            (width * (1 + right), height * (1 - bottom * 0.3)),
            (width * (1 - right * 0.3), top * height * 0.3),
        )
        flat = [value for corner in corners for value in corner]
        image = image.transform(
            image.size, Image.Transform.QUAD, flat, Image.Resampling.BICUBIC, fillcolor=ground
        )
    if damage.tilt:
        angle = chance.choice((-1, 1)) * chance.uniform(0.5, 1) * damage.tilt
        image = image.rotate(angle, Image.Resampling.BICUBIC, expand=False, fillcolor=ground)
    return image


def _lit(image: Image.Image, damage: Damage, chance: random.Random) -> Image.Image:
    if damage.shadow:
        slope = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270)))
        floor = round(255 * (1 - damage.shadow))
        slope = slope.point([floor + (255 - floor) * level // 255 for level in range(256)])
        image = ImageChops.multiply(image, slope.resize(image.size).convert("RGB"))
    if damage.brightness != 1:
        image = ImageEnhance.Brightness(image).enhance(damage.brightness)
    return image


def _grained(image: Image.Image, strength: float) -> Image.Image:
    # Pillow's noise has no seed; a fixed tile keeps the samples repeatable.
    chance = random.Random(7)  # noqa: S311 -- repeatable samples
    side = 257
    values = bytes(max(0, min(255, round(chance.gauss(128, strength)))) for _ in range(side * side))
    tile = Image.frombytes("L", (side, side), values)
    grain = Image.new("L", image.size)
    for x in range(0, image.width, side):
        for y in range(0, image.height, side):
            grain.paste(tile, (x, y))
    return ImageChops.add(image, grain.convert("RGB"), 1, -128)
