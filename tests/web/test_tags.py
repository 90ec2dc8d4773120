"""Components: states, fields, summaries, the bar of time used."""

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from vamco.web.templatetags.vamco import first_error, state_of


def render(source: str, /, **context: object) -> str:
    return Template("{% load vamco %}" + source).render(Context(context))


class Person(forms.Form):
    name = forms.CharField(label="Họ và tên", help_text="Như trên giấy tờ tùy thân")
    unit = forms.ChoiceField(label="UBND xã", choices=[("1", "Thạnh Đức")])
    way = forms.ChoiceField(label="Trả kết quả", choices=[("a", "tại quầy")], widget=forms.RadioSelect)
    age = forms.IntegerField(label="Tuổi", required=False)
    note = forms.CharField(label="Ghi chú", required=False, error_messages={"required": "Cần ghi chú"})


@pytest.mark.parametrize(
    ("minutes", "paused", "state"),
    [(-1, False, "late"), (0, False, "soon"), (480, False, "soon"), (481, False, "ok"), (-1, True, "paused")],
)
def test_the_state_follows_the_working_minutes_left(minutes, paused, state):
    assert state_of(minutes, paused=paused) == state


def test_a_state_has_icon_word_and_colour():
    html = render("{% due_state 48 %}")
    assert 'class="state state--soon"' in html
    assert "#i-soon" in html
    assert "còn 48 phút" in html


def test_an_unknown_state_does_not_pass_silently():
    with pytest.raises(TemplateSyntaxError):
        render('{% state "red" "trễ" %}')


def test_words_of_users_are_escaped_in_a_state():
    assert "&lt;script&gt;" in render('{% state "ok" text %}', text="<script>")


def test_an_empty_field_says_what_to_do():
    form = Person({"age": "nhiều"})
    assert first_error(form["name"]) == "Hãy nhập họ và tên"
    assert first_error(form["unit"]) == "Hãy chọn UBND xã"
    assert first_error(form["way"]) == "Hãy chọn: trả kết quả"
    assert first_error(form["age"])
    assert not first_error(form["note"])


def test_a_form_may_have_its_own_words_for_an_empty_field():
    form = Person({})
    form.fields["name"].error_messages["required"] = "Ghi tên như trên giấy khai sinh"
    assert first_error(form["name"]) == "Ghi tên như trên giấy khai sinh"


def test_a_field_ties_hint_and_error_to_its_input():
    html = render("{% field form.name %}", form=Person({}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_every_choice_of_a_citizens_field_has_its_label():
    html = render("{% field form.way %}", form=Person())
    assert 'class="govuk-radios__input"' in html
    assert 'for="id_way_0"' in html


def test_a_field_keeps_what_was_typed_and_escapes_it():
    html = render("{% staff_field form.name %}", form=Person({"name": '"><script>'}))
    assert "&quot;&gt;&lt;script&gt;" in html


def test_the_summary_links_each_error_to_its_field():
    html = render("{% error_summary form %}", form=Person({}))
    assert "Cần sửa 3 chỗ" in html
    assert '<a href="#id_name">Hãy nhập họ và tên</a>' in html
    assert 'href="#id_way_0"' in html


def test_no_errors_no_summary():
    assert render("{% error_summary form %}", form=Person()).strip() == ""


def test_the_bar_shows_a_step_over_its_time():
    html = render("{% used parts label %}", parts=[(240, 300), (480, 240), (480, 0)], label="Thời gian")
    assert html.count("used__all") == 3
    assert html.count("used__late") == html.count("used__done") == 1
    assert "style=" not in html


def test_a_bar_without_steps_is_drawn_empty():
    assert "<rect" not in render("{% used parts label %}", parts=[], label="Thời gian")


def test_the_query_changes_one_parameter_and_escapes_the_rest():
    request = RequestFactory().get("/viec/", {"q": 'a&"b', "cursor": "1"})
    assert render("{% query cursor=2 %}", request=request) == "?q=a%26%22b&amp;cursor=2"
    assert render("{% query cursor=None q=None %}", request=request) == "?"
