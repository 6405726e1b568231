"""A file that was read and a picture in the library, as tests of other floors need them."""

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

from PIL import Image
from sqlalchemy import select

from models.media import Picture
from services.authoring import importing, media
from services.session import writing
from tests.conftest import Cast

CHOSEN = {
    "subtopic": "C2:incoterms",
    "lesson": "trade-practice/who-pays-who-risks",
    "source": "ICC, Incoterms 2020",
}


def read_file(cast: Cast, text: str = "Who bears it? {=The buyer ~The seller ~Nobody}") -> int:
    found = importing.read_file(text.encode(), "")
    with cast.app.app_context(), writing() as session:
        return importing.keep(session, cast.actor("tao"), found, datetime.now(UTC))


def png(width: int = 40, height: int = 30, colour: str = "navy", **options: object) -> bytes:
    whole = BytesIO()
    Image.new("RGB", (width, height), colour).save(whole, "PNG", **options)
    return whole.getvalue()


def add_picture(cast: Cast, name: str = "Crane.png", alt: str = "A crane") -> int:
    """A picture without the process of its own, which has its own tests."""
    data = png()
    encoded = {
        "type": "image/png", "width": 40, "height": 30, "digest": sha256(data).hexdigest(),
        "data": b64encode(data).decode(),
    }  # fmt: skip
    with cast.app.app_context(), writing() as session:
        key = media.add(session, cast.actor("tao"), encoded, name, alt, datetime.now(UTC))
        return session.execute(select(Picture.id).where(Picture.key == key)).scalar_one()
