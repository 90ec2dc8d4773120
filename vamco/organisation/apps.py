from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Units with their history, posts, people, sign-in and permissions (tổ chức bộ máy)."""

    name = "vamco.organisation"
    label = "organisation"

    def ready(self) -> None:
        from .signin import record_second_step

        record_second_step()
