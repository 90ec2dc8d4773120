"""What several actions ask before they write."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from vamco.core.errors import Invalid


def fits(instance: models.Model, *names: str) -> None:
    """Raise `Invalid` with each of the named values that its column does not take."""
    others = {field.name for field in instance._meta.fields} - set(names)
    try:
        instance.clean_fields(exclude=others)
    except ValidationError as error:
        fields = {name: " ".join(texts) for name, texts in error.message_dict.items()}
        raise Invalid(_("Có mục chưa đúng; hãy xem từng mục."), fields=fields) from error


def one_line(text: str) -> str:
    """The text with single spaces and nothing around it."""
    return " ".join(text.split())
