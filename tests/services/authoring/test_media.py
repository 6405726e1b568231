"""The library of pictures: encoded anew, described, shown where a text asks for them."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from domain.library.pictures import missing_pictures, pictures_of
from gateways.pictures import SIDE, encode
from services.authoring import media
from services.errors import Conflict, Invalid, NotFound
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.authoring import bringing
from tests.services.library.publishing import put, text_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LESSON = "courses/industry/know-what-you-sell.md"


def photograph(width: int, height: int) -> bytes:
    """A JPEG as a phone makes it: turned, and telling where it was taken."""
    whole = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Somebody's phone"
    picture = Image.effect_noise((width, height), 60).convert("RGB")
    picture.save(whole, "JPEG", exif=exif, comment=b"taken at home")
    return whole.getvalue()


def test_a_photograph_is_turned_made_small_and_stripped() -> None:
    encoded = encode(photograph(2400, 1200))
    assert (encoded.media_type, encoded.height) == ("image/jpeg", SIDE)
    assert encoded.width < encoded.height
    assert b"phone" not in encoded.data
    assert b"at home" not in encoded.data
    assert not Image.open(BytesIO(encoded.data)).getexif()


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_clear_pictures_stay_clear(kind: str) -> None:
    whole = BytesIO()
    Image.new("RGBA", (30, 20), (255, 0, 0, 0)).save(whole, kind)
    encoded = encode(whole.getvalue())
    assert encoded.media_type == "image/png"
    assert Image.open(BytesIO(encoded.data)).convert("RGBA").getpixel((3, 3))[3] == 0


def test_words_are_required_and_keys_are_never_given_twice(any_app: Flask, cast: Cast) -> None:
    encoded = media.encode(bringing.png())
    tao = cast.actor("tao")
    with any_app.app_context(), writing() as session:
        with pytest.raises(Invalid):
            media.add(session, tao, encoded, "My Crane.PNG", "  ", NOW)
        first = media.add(session, tao, encoded, "My Crane.PNG", "A crane", NOW)
        second = media.add(session, tao, encoded, "my crane.jpg", "The same crane", NOW)
    assert (first, second) == ("my-crane", "my-crane-2")
    with any_app.app_context(), reading() as session:
        assert media.shown(session, first) == media.shown(session, second)
        with pytest.raises(NotFound):
            media.shown(session, "none")


def test_a_picture_that_is_shown_stays(app: Flask, cast: Cast) -> None:
    picture_id = bringing.add_picture(cast)
    source = text_of(app, LESSON).rstrip("\n") + "\n\n![A crane](media:crane)\n"
    put(app, LESSON, source)
    tao = cast.actor("tao")
    with app.app_context(), writing() as session:
        with pytest.raises(Conflict):
            media.remove(session, tao, picture_id, NOW)
        (tile,) = media.library(session, tao, "", 1).tiles
    assert tile.used == (("lesson", "industry/know-what-you-sell"),)
    put(app, LESSON, source.replace("media:crane", "media:other"))
    with app.app_context(), writing() as session:
        media.remove(session, tao, picture_id, NOW)
        assert media.keys(session) == frozenset()


def test_a_text_that_shows_what_is_not_there_is_a_problem() -> None:
    source = "One\n\n![A crane](media:crane) ![B](media:boat)\n"
    assert pictures_of(source) == [(3, "crane"), (3, "boat")]
    (problem,) = missing_pictures("a.md", source, {"crane"})
    assert (problem.line, "boat" in problem.message) == (3, True)


def test_what_is_kept_is_what_is_sent_back(app: Flask, cast: Cast) -> None:
    bringing.add_picture(cast)
    with app.app_context(), reading() as session:
        kind, _, data = media.shown(session, "crane")
    assert kind == "image/png"
    assert Image.open(BytesIO(data)).size == (40, 30)
