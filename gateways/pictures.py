"""Pictures by people: opened once, made small, written anew. Nothing of the sent file is kept."""

import hashlib
import warnings
from io import BytesIO
from typing import Any

from domain.exchange.questions import Unreadable
from domain.records import frozen

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 16_000_000
MOST_JPEG_PIXELS = 50_000_000  # a camera's; a JPEG is made small while it is read
MOST_FRAMES = 500
SIDE = 1600  # the longer side of what is kept, in pixels
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_MARKS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")


@frozen
class Encoded:
    """A picture as we keep it."""

    media_type: str
    data: bytes
    width: int
    height: int

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def encode(data: bytes) -> Encoded:
    """Read PNG, JPEG, WebP or the first frame of a GIF, and write PNG, JPEG or WebP.

    Raises Unreadable with the reason. Place, camera, comments and whatever else stood in the file
    are gone; a turned photograph is turned.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    if not data:
        raise Unreadable("is empty")
    if b"<svg" in data[:2000].lower():
        raise Unreadable("is an SVG drawing; drawings come from the reviewed content folder only")
    if not data.startswith(_MARKS):
        raise Unreadable("is no PNG, JPEG, WebP or GIF picture, whatever its name says")
    # Imported here: 10 MB that only who sends a picture needs.
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_JPEG_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=FORMATS) as picture:
                _refuse_large(picture)
                picture.draft("RGB", (SIDE, SIDE))
                picture.load()
                upright = ImageOps.exif_transpose(picture) or picture
                return _written(upright, str(picture.format))
        except Unreadable:
            raise
        except (MemoryError, Image.DecompressionBombError):
            raise Unreadable("has more pixels than are shown here") from None
        except Exception as error:  # Pillow raises what its decoders meet: struct, zlib, index …
            raise Unreadable(f"is a damaged picture ({type(error).__name__})") from None


def _refuse_large(picture: Any) -> None:
    width, height = picture.size
    most = MOST_JPEG_PIXELS if picture.format == "JPEG" else MOST_PIXELS
    if width * height > most or max(width, height) > 20_000:
        raise Unreadable(f"has {width} × {height} pixels; {most // 1_000_000} million are allowed")
    if picture.format == "GIF" and _frames(picture.fp) > MOST_FRAMES:
        raise Unreadable(f"has more than {MOST_FRAMES} frames; one is shown here")


def _frames(file: Any) -> int:
    """Frames of a GIF, counted by their marks, so that none has to be drawn."""
    at = file.tell()
    file.seek(0)
    count = file.read().count(b"\x00\x2c")
    file.seek(at)
    return int(count)


def _written(picture: Any, sent_as: str) -> Encoded:
    picture.thumbnail((SIDE, SIDE), reducing_gap=2.0)
    clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    photograph = sent_as == "JPEG" or picture.mode in ("CMYK", "YCbCr")
    clean = picture.convert("RGBA" if clear else "RGB")
    clean.info.clear()
    whole = BytesIO()
    if photograph and not clear:
        clean.save(whole, "JPEG", quality=85, optimize=True, progressive=True)
        return Encoded("image/jpeg", whole.getvalue(), *clean.size)
    clean.save(whole, "PNG", optimize=False, compress_level=6)
    if len(whole.getvalue()) > 400_000:  # a photograph that came as PNG or WebP
        whole = BytesIO()
        clean.save(whole, "WEBP", quality=85, method=4)
        return Encoded("image/webp", whole.getvalue(), *clean.size)
    return Encoded("image/png", whole.getvalue(), *clean.size)


def size_of(data: bytes) -> tuple[int, int, str]:
    """Width, height and media type of a picture that we encoded; only its head is read."""
    # Imported here: 10 MB that only an import with pictures needs.
    from PIL import Image

    with Image.open(BytesIO(data), formats=FORMATS) as picture:
        return picture.width, picture.height, f"image/{str(picture.format).lower()}"
