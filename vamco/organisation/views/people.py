"""People: found, opened, helped when they cannot sign in, closed."""

from contextlib import suppress
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vamco.core import clock
from vamco.core.actions import Action
from vamco.core.actors import Actor
from vamco.core.api import Page, page_of
from vamco.core.errors import NotAllowed
from vamco.core.transactions import atomic
from vamco.web.access import Request, staff
from vamco.web.action_forms import ask_for
from vamco.web.asking import ask, posted

from .. import actions, forms, leaving, lockout, queries
from ..access import actor_for
from ..models import ApiToken, User
from .shared import for_accounts, must_confirm, tabs
from .shown_once import keep_secret, one_time_password, take_secret

PAGE = 50


def address(user: User) -> str:
    """The person's page."""
    return reverse("organisation_person", args=[user.pk])


@staff("organisation.people")
def index(request: Request) -> HttpResponse:
    """The people of the actor's units in the order of their given names."""
    q = request.GET.get("q", "")[:100].replace("\0", "")
    closed = request.GET.get("ngung") == "1"
    wanted = Page(limit=PAGE, cursor=request.GET.get("cursor", "")[:400])
    found = page_of(
        queries.people(request.actor, q, closed=closed),
        wanted,
        key=("sort_key", "pk"),
        render=lambda row: row,
    )
    page = {
        "q": q,
        "closed": closed,
        "people": queries.with_posts(found["items"]),
        "next_cursor": found["next"],
        "back": bool(wanted.cursor),
        **tabs(request, "organisation_people"),
    }
    return render(request, "organisation/people.html", page)


@staff("organisation.people")
def person(request: Request, pk: int) -> HttpResponse:
    """One person: account, posts, delegations, tokens, what may be done. A new secret is shown here, once."""
    actor = request.actor
    found = queries.person(actor, pk)
    given, received = queries.delegations(found.pk)
    page = {
        "person": found,
        "holdings": list(found.holdings.select_related("post__unit").order_by("-since", "-pk")),
        "given": given,
        "received": received,
        "tokens": queries.tokens(found),
        "second_step": Authenticator.objects.filter(user=found, type=Authenticator.Type.TOTP).exists(),
        "locked_until": lockout.locked_until(found.username),
        "may_manage": _manages(actor, found),
        "is_self": found.pk == actor.user_id,
        "may_end": found.pk == actor.user_id or _manages(actor, found),
        "today": clock.today(),
        "now": clock.now(),
        "secret": take_secret(request, found),
        **tabs(request, "organisation_people"),
    }
    return render(request, "organisation/person.html", page)


def _manages(actor: Actor, user: User) -> bool:
    with suppress(NotAllowed):
        actions.must_manage(actor, user)
        return True
    return False


@for_accounts
def new(request: Request, code: str) -> HttpResponse:
    """Open an account for a person who takes up a post in the unit; the password shows once on their page."""
    actor = request.actor
    unit = queries.unit(actor, code)
    password = one_time_password(request)
    form = forms.NewPerson(request, unit)

    def act(wanted: dict[str, Any]) -> User:
        with atomic():
            made = actions.create_person(actor, unit, password=password, one_time=True, **form.given)
            actions.appoint(actor, wanted["post"], user=made, since=wanted["since"])
        keep_secret(request, made, "password", password)
        return made

    return ask(
        request,
        form,
        act,
        title=_("Thêm người ở %(unit)s") % {"unit": unit.name},
        text=_("Mật khẩu dùng một lần hiện ở trang sau; người đó đặt mật khẩu của mình khi vào lần đầu."),
        up=(reverse("organisation_unit", args=[unit.code]), unit.name),
        button=_("Mở tài khoản"),
        says=actions.create_person.says,
        to=address,
    )


@staff("organisation.people")
def change(request: Request, pk: int) -> HttpResponse:
    """Put a person's name or addresses right."""
    return _ask_about(
        request,
        _person(request, pk),
        actions.change_person,
        title=_("Sửa thông tin của %(name)s"),
        button=_("Lưu thay đổi"),
    )


@staff("organisation.people")
def reset_password(request: Request, pk: int) -> HttpResponse:
    """Give a one-time password."""
    found = _person(request, pk)
    password = one_time_password(request)

    def show_once(changed: User) -> str:
        keep_secret(request, changed, "password", password)
        return address(changed)

    return _ask_about(
        request,
        found,
        actions.reset_password,
        fixed={"password": password},
        title=_("Đặt lại mật khẩu của %(name)s"),
        text=_(
            "Hãy chắc chắn người đang nhờ đúng là người này. Mật khẩu cũ mất hiệu lực, mọi nơi đang đăng nhập "
            "bị đăng xuất, mọi mã truy cập bị thu hồi, tài khoản đang tạm khóa được mở. Mật khẩu dùng một lần "
            "hiện ở trang sau, chỉ một lần."
        ),
        to=show_once,
    )


@staff("organisation.people")
def reset_second_step(request: Request, pk: int) -> HttpResponse:
    """Take a lost phone out of an account."""
    return _ask_about(
        request,
        _person(request, pk),
        actions.reset_second_step,
        title=_("Bỏ mã trên điện thoại của %(name)s"),
        text=_(
            "Dùng khi mất hoặc đổi điện thoại. Sau đó chỉ cần mật khẩu là vào được, cho đến khi người đó bật "
            "lại bằng điện thoại mới. Mọi nơi đang đăng nhập bị đăng xuất, mọi mã truy cập bị thu hồi. Hãy chắc "
            "chắn người đang nhờ đúng là người này."
        ),
    )


@staff("organisation.people")
def deactivate(request: Request, pk: int) -> HttpResponse:
    """Close an account."""
    found = _person(request, pk)
    return _ask_about(
        request,
        found,
        actions.deactivate,
        title=_("Ngừng tài khoản của %(name)s"),
        text=_(
            "Người này bị đăng xuất ngay và không vào được nữa; mọi mã truy cập bị thu hồi, sau này mở lại tài "
            "khoản cũng phải cấp mã mới. Mọi việc đã làm vẫn giữ tên người làm."
        ),
        template="organisation/leave.html",
        left=leaving.left(found),
    )


@staff("organisation.people")
def reactivate(request: Request, pk: int) -> HttpResponse:
    """Open a closed account again."""
    return _ask_about(
        request,
        _person(request, pk),
        actions.reactivate,
        title=_("Mở lại tài khoản của %(name)s"),
        text=_(
            "Người này vào lại được bằng mật khẩu cũ, với các chức vụ còn giữ. Mã truy cập đã thu hồi không dùng "
            "lại được."
        ),
    )


@staff("organisation.people")
def new_token(request: Request, pk: int) -> HttpResponse:
    """Issue a bearer token of the API for a person; it shows once on their page."""
    actor, found = request.actor, _person(request, pk)

    def act(wanted: dict[str, Any]) -> ApiToken:
        issued, token = actions.issue_token(actor.once(None), found, **wanted)
        keep_secret(request, found, "token", token)
        return issued

    return ask(
        request,
        forms.NewToken(posted(request), holder=actor_for(found)),
        act,
        title=_("Cấp mã truy cập cho %(name)s") % {"name": found.full_name},
        text=_(
            "Phần mềm dùng mã này làm được những việc người đó được làm, trừ ký, phát hành, thu hồi văn bản và ủy "
            "quyền: mã để ký thì người ký tự tạo ở trang của mình. Mã hiện ở trang sau, chỉ một lần."
        ),
        up=(address(found), found.full_name),
        button=_("Cấp mã"),
        says=_("Đã cấp mã truy cập."),
    )


@staff("organisation.people")
def revoke_token(request: Request, pk: int) -> HttpResponse:
    """Revoke a bearer token."""
    token = queries.token(request.actor, pk)
    found = _person(request, token.user_id)
    return ask_for(
        request,
        actions.revoke_token,
        token,
        title=_("Thu hồi mã truy cập «%(name)s»") % {"name": token.name},
        text=_("Phần mềm đang dùng mã này bị từ chối ngay."),
        up=(address(found), found.full_name),
        button=_("Thu hồi mã"),
    )


def _person(request: Request, pk: int) -> User:
    """The person whose account is changed. Whoever may not change it is refused before the password is asked for."""
    found = queries.person(request.actor, pk)
    actions.must_manage(request.actor, found)
    must_confirm(request)
    return found


def _ask_about(
    request: Request, person: User, action: Action[Any, Any, Any], *, title: str, **page: Any
) -> HttpResponse:
    """The page of what is done to a person's account, below the person's own page."""
    name = person.full_name
    return ask_for(request, action, person, title=title % {"name": name}, up=(address(person), name), **page)
