"""Refusals that a person may see: each says in the user's language what is wrong and what to do next."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _


class Refused(Exception):
    """An action or a reading was refused; nothing was changed.

    `message` is a translated sentence for the user; `field` names the input at fault, `fields` gives one
    message per input when several are; `links` the pages that help instead, words by address. `status` is the HTTP status of pages and API (RFC 9110);
    `code` the last part of the problem type of RFC 9457.
    """

    status = 409
    code = "refused"

    def __init__(
        self,
        message: str | Promise,
        *,
        field: str = "",
        fields: Mapping[str, str | Promise] | None = None,
        links: Mapping[str, str | Promise] | None = None,
    ) -> None:
        super().__init__(str(message))
        self.message = str(message)
        self.links = {address: str(words) for address, words in (links or {}).items()}
        given = fields if fields is not None else {field: message} if field else {}
        self.fields = {name: str(stated) for name, stated in given.items()}

    @property
    def field(self) -> str:
        """The first input at fault, or an empty string."""
        return next(iter(self.fields), "")


class Invalid(Refused):
    """The input is wrong; the fields say where."""

    status = 422
    code = "invalid"


class NotAllowed(Refused):
    """The person may not do this to this thing."""

    status = 403
    code = "not-allowed"


class NotFound(Refused):
    """There is no such thing, or this person may not know of it: the two are told apart by nobody."""

    status = 404
    code = "not-found"


class Stale(Refused):
    """Somebody else changed the thing since the person looked."""

    status = 409
    code = "stale"


class TooMany(Refused):
    """Too many attempts; the message says when to try again."""

    status = 429
    code = "too-many"


class NotSignedIn(Refused):
    """The caller has to sign in first."""

    status = 401
    code = "not-signed-in"


class TooLarge(Refused):
    """More was sent than is taken."""

    status = 413
    code = "too-large"


class TooSlow(Refused):
    """What was to be sent did not come in time."""

    status = 408
    code = "too-slow"


def unstorable() -> Invalid:
    """The refusal of characters or numbers that the database cannot hold (a NUL, a number past all bounds)."""
    return Invalid(_("Có ký tự hoặc con số không hợp lệ trong nội dung gửi lên. Hãy nhập lại mục đó."))
