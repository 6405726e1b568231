"""A browser whose last proof of who sits there is an hour old."""

from flask.sessions import SecureCookieSessionInterface

from tests.journeys.site import Site
from tests.journeys.visitor import Visitor


def make_late(site: Site, visitor: Visitor) -> None:
    """As if the person had signed in an hour ago and done nothing that asks since."""
    signer = SecureCookieSessionInterface().get_signing_serializer(site.app)
    assert signer is not None
    for cookie in visitor.context.cookies():
        if cookie["name"] == "threshold":
            held = signer.loads(cookie["value"])
            held["proved"] = held.get("proved", 0) - 3600
            visitor.context.add_cookies([{**cookie, "value": signer.dumps(held)}])
