"""What can go wrong, in the trade's words. blueprints/shared/errors.py turns them into statuses."""


class ServiceError(Exception):
    """The base of everything that a service refuses; `message` is shown to the person."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(ServiceError):
    """It is not there, or not for this person: the two look the same."""


class Forbidden(ServiceError):
    """The person may be here, but may not do this."""


class Invalid(ServiceError):
    """What was sent does not make sense. `fields` maps a field's name to what is wrong with it."""

    def __init__(self, message: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class Conflict(ServiceError):
    """Somebody or something else was quicker; `current` is what stands now."""

    def __init__(self, message: str = "", current: object = None) -> None:
        super().__init__(message)
        self.current = current


class Gone(ServiceError):
    """It was there and has ended: expired, used or revoked."""


class TooMany(ServiceError):
    """Too many failed checks; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("")
        self.retry_after = retry_after


class Unavailable(ServiceError):
    """The database cannot be reached now; trying again later helps."""
