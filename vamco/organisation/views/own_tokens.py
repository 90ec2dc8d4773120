"""A person's own bearer tokens, beside their password, second step and sessions."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.errors import NotFound
from vamco.web.access import Request, staff
from vamco.web.action_forms import InputForm
from vamco.web.asking import ask, posted

from .. import actions, forms, queries
from ..access import oneself, person_of
from ..models import ApiToken
from .shared import confirmed
from .shown_once import keep_secret, take_secret


@staff()
def index(request: Request) -> HttpResponse:
    """One's own tokens, also those that others made; a new one is shown here, once."""
    user = person_of(request)
    page = {"tokens": queries.tokens(user), "now": clock.now(), "secret": take_secret(request, user)}
    return render(request, "organisation/own_tokens.html", page)


@staff()
@confirmed
def new(request: Request) -> HttpResponse:
    """Make a token of one's own, after the password was entered again."""
    user = person_of(request)

    def act(wanted: dict[str, Any]) -> ApiToken:
        made, token = actions.own_token(oneself(user), user, **wanted)
        keep_secret(request, user, "token", token)
        return made

    return ask(
        request,
        forms.NewToken(posted(request), holder=request.actor),
        act,
        title=_("Tạo mã truy cập của tôi"),
        text=_(
            "Phần mềm dùng mã này làm được những việc ông/bà được làm, kể cả ký, trong phạm vi chọn dưới đây. Chỉ "
            "giao mã cho phần mềm ông/bà tin. Mã hiện ở trang sau, chỉ một lần."
        ),
        up=_up(),
        button=_("Tạo mã truy cập"),
        says=_("Đã tạo mã truy cập."),
    )


@staff()
def revoke(request: Request, pk: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    user = person_of(request)
    token = ApiToken.objects.filter(pk=pk, user=user).first()
    if token is None:
        raise NotFound(_("Không tìm thấy mã truy cập này."))
    return ask(
        request,
        InputForm(actions.revoke_own_token, oneself(user), token, request=request),
        lambda wanted: actions.revoke_own_token(oneself(user), token),
        title=_("Thu hồi mã truy cập «%(name)s»") % {"name": token.name},
        text=_("Phần mềm đang dùng mã này bị từ chối ngay."),
        up=_up(),
        button=_("Thu hồi mã"),
        says=actions.revoke_own_token.says,
    )


def _up() -> tuple[str, str]:
    return reverse("own_tokens"), _("Mã truy cập của tôi")
