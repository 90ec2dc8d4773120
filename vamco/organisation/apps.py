from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Units with their history, posts, people, sign-in and permissions (tổ chức bộ máy)."""

    name = "vamco.organisation"
    label = "organisation"

    def ready(self) -> None:
        from vamco.core import actors

        from .access import Identity
        from .signin import record_second_step

        actors.register(Identity())
        record_second_step()
