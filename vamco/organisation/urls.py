"""Addresses of units, posts, people, own tokens, delegations and the auditor's pages."""

from django.urls import path

from .views import audit, delegations, own_tokens, people, posts, unit_page, units

urlpatterns = [
    path("don-vi/<str:code>/", unit_page.show, name="unit_page"),
    path("to-chuc/", units.index, name="organisation_admin"),
    path("to-chuc/don-vi/<str:code>/", units.unit, name="organisation_unit"),
    path("to-chuc/don-vi/<str:code>/mo/", units.new, name="organisation_unit_new"),
    path("to-chuc/don-vi/<str:code>/sua/", units.change, name="organisation_unit_change"),
    path("to-chuc/don-vi/<str:code>/dong/", units.close, name="organisation_unit_close"),
    path("to-chuc/don-vi/<str:code>/chuc-vu/", units.new_post, name="organisation_post_new"),
    path("to-chuc/don-vi/<str:code>/nguoi/", people.new, name="organisation_person_new"),
    path("to-chuc/chuc-vu/<int:pk>/", posts.post, name="organisation_post"),
    path("to-chuc/chuc-vu/<int:pk>/sua/", posts.change, name="organisation_post_change"),
    path("to-chuc/chuc-vu/<int:pk>/vai-tro/", posts.grant, name="organisation_grant"),
    path("to-chuc/chuc-vu/<int:pk>/phan-cong/", posts.appoint, name="organisation_appoint"),
    path("to-chuc/vai-tro/<int:pk>/bo/", posts.revoke, name="organisation_revoke"),
    path("to-chuc/phan-cong/<int:pk>/thoi/", posts.end_holding, name="organisation_end_holding"),
    path("to-chuc/nguoi/", people.index, name="organisation_people"),
    path("to-chuc/nguoi/<int:pk>/", people.person, name="organisation_person"),
    path("to-chuc/nguoi/<int:pk>/sua/", people.change, name="organisation_person_change"),
    path("to-chuc/nguoi/<int:pk>/mat-khau/", people.reset_password, name="organisation_reset_password"),
    path("to-chuc/nguoi/<int:pk>/hai-buoc/", people.reset_second_step, name="organisation_reset_second_step"),
    path("to-chuc/nguoi/<int:pk>/ngung/", people.deactivate, name="organisation_deactivate"),
    path("to-chuc/nguoi/<int:pk>/mo-lai/", people.reactivate, name="organisation_reactivate"),
    path("to-chuc/nguoi/<int:pk>/ma/", people.new_token, name="organisation_token_new"),
    path("to-chuc/ma/<int:pk>/thu-hoi/", people.revoke_token, name="organisation_token_revoke"),
    path("ma-truy-cap/", own_tokens.index, name="own_tokens"),
    path("ma-truy-cap/moi/", own_tokens.new, name="own_token_new"),
    path("ma-truy-cap/<int:pk>/thu-hoi/", own_tokens.revoke, name="own_token_revoke"),
    path("uy-quyen/", delegations.index, name="delegations"),
    path("uy-quyen/<int:pk>/cham-dut/", delegations.revoke, name="delegation_revoke"),
    path("nhat-ky/", audit.index, name="audit"),
    path("nhat-ky/xuat/", audit.export, name="audit_export"),
    path("nhat-ky/<int:pk>/", audit.entry, name="audit_entry"),
    path("nhat-ky/<int:pk>/bang-chung/", audit.proof, name="audit_proof"),
]
