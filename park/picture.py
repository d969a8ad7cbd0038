"""What a picture is, told by its bytes and never by its name: PNG, JPEG or WebP, whole, and of a size to draw on.

Nothing is decoded here; whoever looks at it does that.  SVG is not taken: it can hold a script.
"""

from typing import Final, NamedTuple

from park.mistake import Mistake

MOST_BYTES: Final = 5 * 1024 * 1024
LEAST_SIDE: Final = 64
MOST_SIDE: Final = 12_000
PNG: Final = b"\x89PNG\r\n\x1a\n"
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG after which its size stands."""
LONELY: Final = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers of a JPEG that no length follows."""


class Picture(NamedTuple):
    """A kind, as a browser names it, and the sides in pixels."""

    media: str
    width: int
    height: int


def recognise(content: bytes) -> Picture | Mistake:
    """Tell what a picture is, or what is wrong with it."""
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1024**2
        return _no(f"图片超过 {most} MB; 请缩小后再传。", f"The picture is over {most} MB; make it smaller.")
    try:
        found = _png(content) or _jpeg(content) or _webp(content)
    except IndexError:
        return _no("图片不完整; 请重新导出。", "The picture is cut off; export it again.")
    if found is None:
        return _no("不是 PNG、JPEG 或 WebP 图片; 请另存为其中一种。", "Not a PNG, JPEG or WebP; save it as one.")
    if min(found.width, found.height) < LEAST_SIDE or max(found.width, found.height) > MOST_SIDE:
        return _no(
            f"图片为 {found.width} × {found.height} 像素; 每边须为 {LEAST_SIDE} 至 {MOST_SIDE} 像素。",
            f"The picture has {found.width} × {found.height} pixels; a side takes {LEAST_SIDE} to {MOST_SIDE}.",
        )
    return found


def _no(zh: str, en: str) -> Mistake:
    return Mistake("body", None, zh, en)


def _number(content: bytes, start: int, length: int, *, little: bool = False) -> int:
    part = content[start : start + length]
    if len(part) < length:
        raise IndexError(start)
    return int.from_bytes(part, "little" if little else "big")


def _png(content: bytes) -> Picture | None:
    if not content.startswith(PNG):
        return None
    if content[12:16] != b"IHDR" or b"IEND" not in content[-12:]:
        raise IndexError(len(content))
    return Picture("image/png", _number(content, 16, 4), _number(content, 20, 4))


def _jpeg(content: bytes) -> Picture | None:
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    if b"\xff\xd9" not in content[-64:]:  # some programs write a few bytes after the end
        raise IndexError(len(content))
    place = 2
    while True:
        if content[place] != 0xFF:  # noqa: PLR2004  # what each marker begins with
            return None
        marker = content[place + 1]
        if marker == 0xFF:  # noqa: PLR2004  # a filling byte
            place += 1
        elif marker in LONELY:
            place += 2
        elif marker in FRAMES:
            return Picture("image/jpeg", _number(content, place + 7, 2), _number(content, place + 5, 2))
        else:
            place += 2 + max(2, _number(content, place + 2, 2))


def _webp(content: bytes) -> Picture | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    if _number(content, 4, 4, little=True) + 8 > len(content):
        raise IndexError(len(content))
    match content[12:16]:
        case b"VP8 ":
            sides = _number(content, 26, 2, little=True), _number(content, 28, 2, little=True)
            return Picture("image/webp", sides[0] & 0x3FFF, sides[1] & 0x3FFF)
        case b"VP8L":
            bits = _number(content, 21, 4, little=True)
            return Picture("image/webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            width, height = _number(content, 24, 3, little=True), _number(content, 27, 3, little=True)
            return Picture("image/webp", width + 1, height + 1)
    return None
