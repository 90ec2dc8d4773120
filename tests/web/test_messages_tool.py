"""The catalogue tool finds strings in Python and templates, keeps translations, and tells what is missing."""

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """The tool on a small package of its own."""
    monkeypatch.syspath_prepend(str(TOOLS))
    sys.modules.pop("messages", None)
    import messages

    source = tmp_path / "vamco"
    (source / "web" / "templates").mkdir(parents=True)
    (source / "web" / "views.py").write_text('_("Hồ sơ")\nngettext("%d ngày", "%d ngày", n)\n')
    (source / "web" / "templates" / "a.html").write_text(
        '{% load i18n %}{% translate "Tra cứu" %}{% blocktranslate %}Còn {{ n }} mã{% endblocktranslate %}'
    )
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "SOURCE", source)
    monkeypatch.setattr(messages, "LOCALE", source / "locale")
    yield messages
    sys.modules.pop("messages", None)


def translate(tool, **english):
    """Fill in the catalogue as a translator would."""
    catalogue = tool.read("en")
    for message in catalogue:
        if message.id:
            text = english.get(tool.key(message)[0].split()[0])
            message.string = (
                (text, text) if text and isinstance(message.id, tuple) else text or message.string
            )
    tool.write("en", catalogue)
    tool.update()


def test_strings_of_code_and_templates_are_collected(tool):
    assert {tool.key(message)[0] for message in tool.collected() if message.id} == {
        "Hồ sơ", "%d ngày", "Tra cứu", "Còn %(n)s mã",
    }  # fmt: skip


def test_templates_may_be_indented(tool):
    (tool.SOURCE / "web" / "templates" / "a.html").write_text(
        "<ul>\n    {% if n %}\n      <li>{% translate 'Tra cứu' %}</li>\n  {% endif %}\n"
        "  {% blocktranslate trimmed %}\n    Còn\n    một mã\n  {% endblocktranslate %}\n</ul>\n"
    )
    found = {tool.key(message)[0] for message in tool.collected() if message.id}
    assert {"Tra cứu", "Còn một mã"} <= found


def test_what_is_missing_is_listed(tool):
    assert tool.update() == 4
    assert sum("missing English" in line for line in tool.problems()) == 4


def test_a_full_catalogue_has_no_problems_and_stays_the_same(tool):
    tool.update()
    translate(tool, Hồ="Dossier", Tra="Track", Còn="%(n)s codes left", **{"%d": "%d days"})
    assert list(tool.problems()) == []
    before = tool.catalogue_file("en").read_bytes()
    assert tool.update() == 0
    assert tool.catalogue_file("en").read_bytes() == before


def test_a_lost_placeholder_and_a_stale_string_are_listed(tool):
    tool.update()
    translate(tool, Hồ="Dossier", Tra="Track", Còn="codes left", **{"%d": "%d days"})
    (tool.SOURCE / "web" / "views.py").write_text('ngettext("%d ngày", "%d ngày", n)\n')
    found = "\n".join(tool.problems())
    assert "stale" in found
    assert "'Hồ sơ'" in found
    assert "placeholders (en): 'Còn %(n)s mã'" in found


def test_an_edited_catalogue_must_be_compiled(tool):
    tool.update()
    path = tool.catalogue_file("en")
    path.write_text(path.read_text().replace('msgid "Hồ sơ"\nmsgstr ""', 'msgid "Hồ sơ"\nmsgstr "Dossier"'))
    assert any("not compiled" in line for line in tool.problems())


def test_a_string_that_no_package_has_is_stale(tool):
    tool.update()
    path = tool.catalogue_file("vi")
    path.write_text(path.read_text() + '\nmsgid "No such string anywhere"\nmsgstr "Không có"\n')
    tool.update()
    assert any("neither Django nor allauth" in line for line in tool.problems())
