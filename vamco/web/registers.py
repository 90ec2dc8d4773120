"""The pages of a register (`core.registers`): its list, a row, what makes one, what is done with it, its help."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from vamco.core import rooms
from vamco.core.actions import Action, offers
from vamco.core.api_registers import place_of, row_of
from vamco.core.errors import NotAllowed
from vamco.core.inputs import name_of, named_by
from vamco.core.registers import Register

from . import words
from .access import Request, staff
from .action_forms import ask_for
from .imports import import_urls
from .lists import Button, list_page
from .sections import render_sections


def register_urls(register: Register) -> list[URLPattern]:
    """The addresses of a register, below its path."""
    pages, name, at = Pages(register), register.name, register.path
    may = staff(register.listing.permission)
    row = "<str:key>" if named_by(register.listing.model) != "pk" else "<int:key>"
    found = [
        path(f"{at}/", may(pages.list), name=name),
        path(f"{at}/huong-dan/", may(pages.help), name=f"{name}_help"),
    ]
    if register.create is not None:
        found.append(path(f"{at}/them/", staff(register.create.permission)(pages.new), name=f"{name}_new"))
    if register.sheet is not None:
        found += import_urls(
            register.sheet,
            prefix=f"{at}/nhap/",
            name=f"{name}_import",
            up=(name, register.listing.title),
            target=pages.place,
            back=lambda place: f"?unit={name_of(place)}" if place is not None else "",
        )
    return [
        *found,
        path(f"{at}/{row}/", may(pages.record), name=f"{name}_record"),
        path(f"{at}/{row}/<slug:verb>/", may(pages.do), name=f"{name}_do"),
    ]


@dataclass(frozen=True)
class Pages:
    """The views of one register."""

    register: Register

    def list(self, request: Request) -> HttpResponse:
        """The rows that the person may know of, and the ways to what is done beside them."""
        register, buttons = self.register, [Button(_("Hướng dẫn"), reverse(f"{self.register.name}_help"))]
        if self._may_make(request):
            if register.sheet is not None:
                buttons.append(Button(_("Nhập bảng tính"), reverse(f"{register.name}_import"), key="i"))
            label = register.create.label if register.create else ""
            buttons.append(Button(label, reverse(f"{register.name}_new"), key="n", main=True))
        return list_page(request, register.listing, export=register.export, buttons=buttons)

    def record(self, request: Request, key: Any) -> HttpResponse:
        """A row: its values, what may be done with it now, and what other rooms know of it."""
        row = row_of(self.register, request.actor, key)
        name = self.register.name
        doable = [
            Button(action.label, reverse(f"{name}_do", args=[name_of(row), _slug(action)]), main=i == 0)
            for i, action in enumerate(offers(self.register.actions, request.actor, row))
        ]
        facts = [
            (column.label, column, words.value(column.of(row), as_money=column.kind == "money"))
            for column in self.register.listing.columns
        ]
        page = {"register": self.register, "row": row, "facts": facts, "offers": doable, "up": reverse(name)}
        page["sections"] = render_sections(request, "record", row)
        return render(request, "vamco/record.html", page)

    def new(self, request: Request) -> HttpResponse:
        """Ask for a new row, in one of the places that the person may choose."""
        create = self.register.create
        assert create is not None
        places = list(self.register.places(request.actor)[:500]) if self.register.places else []
        place = self.place(request)
        return ask_for(
            request,
            create,
            place,
            up=(reverse(self.register.name), str(self.register.listing.title)),
            to=lambda made: self._after(request, made),
            template="vamco/register_new.html",
            places=places,
            place=place,
        )

    def do(self, request: Request, key: Any, verb: str) -> HttpResponse:
        """Ask for what an action needs, and do it. Raises `Http404` for what the register does not know."""
        action = next((action for action in self.register.actions if _slug(action) == verb), None)
        if action is None:
            raise Http404
        row = row_of(self.register, request.actor, key)
        back = reverse(f"{self.register.name}_record", args=[name_of(row)])
        return ask_for(
            request,
            action,
            row,
            up=(back, str(row)),
            to=lambda done: self._after(request, done),
            title=f"{action.label}: {row}",
            button=str(action.label),
        )

    def place(self, request: Request) -> Any:
        """Where something is made: what was chosen, or else the person's own place, or the first."""
        register = self.register
        asked = request.POST.get("unit") or request.GET.get("unit")
        if register.places is None or asked:
            return place_of(register, request.actor, asked)
        first = register.places(request.actor).first()
        if first is None:
            raise NotAllowed(_("Ông/bà chưa được giao ghi sổ này ở đơn vị nào đang hoạt động."))
        return first

    def help(self, request: Request) -> HttpResponse:
        """What the register is for, what stands in it, who may do what: all from its declaration."""
        register = self.register
        every = [action for action in (register.create, *register.actions) if action is not None]
        done = [(action, _roles(action)) for action in every]
        page = {"register": register, "done": done, "up": reverse(register.name)}
        return render(request, "vamco/register_help.html", page)

    def _after(self, request: Request, row: Any) -> str:
        """The row's page, or the list when the row is out of sight now."""
        seen = self.register.listing.readable(request.actor).filter(pk=row.pk).exists()
        name = self.register.name
        return reverse(f"{name}_record", args=[name_of(row)]) if seen else reverse(name)

    def _may_make(self, request: Request) -> bool:
        create = self.register.create
        return create is not None and request.actor.may_anywhere(create.permission)


def _slug(action: Action[Any, Any, Any]) -> str:
    return action.key.replace("_", "-")


def _roles(action: Action[Any, Any, Any]) -> str:
    """Who may do it, in words."""
    names, carried = rooms.role_names(), rooms.permissions()[action.permission].roles
    held = names if carried == rooms.EVERY_ROLE else carried.split()
    return ", ".join(str(names[role]) for role in held)
