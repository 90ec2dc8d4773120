"""Folding, order and search of Vietnamese names."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from vamco.core import text

# Letters that exist in the Unicode of Python and of every supported PostgreSQL; no NUL, which PostgreSQL
# refuses.
ANY = st.text(
    st.characters(exclude_categories=["Cs", "Cn", "Co"], exclude_characters="\0", max_codepoint=0x1FFFF)
)
VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằấệữỢĐÂ 'Ð-.", max_size=40)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Nguyễn Văn Á", "nguyen van a"),
        ("  Đặng\tTHỊ\n\u00a0 Ưng ", "dang thi ung"),
        ("ÐỖ ĐÌNH Đạt", "do dinh dat"),
        ("Công ty TNHH MTV Long An - Tân An (Cơ sở 2)", "cong ty tnhh mtv long an tan an co so 2"),
        ("Ｎｇｕｙễｎ", "nguyen"),
        ("Ngu\u200byễn", "nguyen"),
        ("O'Brien", "o brien"),
        ("Łukasz Ørsted Æsir", "lukasz orsted asir"),
        ("ИВАН Ωμέγα", "иван ωμεγα"),
        ("…!?", ""),
        ("", ""),
    ],
)
def test_folds(written: str, folded: str) -> None:
    assert text.fold(written) == folded


@given(VIETNAMESE)
def test_precomposed_and_combining_forms_are_equal(written: str) -> None:
    assert text.fold(unicodedata.normalize("NFD", written)) == text.fold(
        unicodedata.normalize("NFC", written)
    )
    assert text.sort_key(unicodedata.normalize("NFD", written)) == text.sort_key(written)


@given(ANY)
def test_folding_twice_changes_nothing(written: str) -> None:
    once = text.fold(written)
    assert text.fold(once) == once
    assert text.words(written) == [word for word in once.split(" ") if word]


def test_names_are_sorted_as_in_a_vietnamese_list() -> None:
    expected = [
        "Nguyễn Văn An",
        "Trần An",
        "Lê Thị Ảnh",
        "Lê Ánh",
        "Lê Ăn",
        "Lê Ân",
        "Đỗ Bình",
        "Vũ Dũng",
        "Phạm Dương",
        "An Đào",
        "Lê Thị Đào",
        "Trần Yến",
    ]
    assert sorted(set(expected), key=text.sort_key) == expected


def test_tones_follow_the_dictionary_and_letters_come_first() -> None:
    expected = [
        "ba",
        "bà",
        "bả",
        "bã",
        "bá",
        "bạ",
        "bà ba",
        "bác",
        "bắc",
        "bâu",
        "da",
        "dzu",
        "đa",
        "e",
        "ê",
        "x",
    ]
    expected.sort(key=lambda word: text.sort_key(word, person=False))
    assert expected == [
        "ba", "bà", "bà ba", "bả", "bã", "bá", "bạ", "bác", "bắc", "bâu", "da", "dzu", "đa", "e", "ê", "x",
    ]  # fmt: skip


def test_a_family_name_decides_between_equal_given_names_and_then_the_middle() -> None:
    expected = ["Bùi Văn Nam", "Đỗ An Nam", "Đỗ Văn Nam", "Đỗ Xuân Nam", "Lê Nam"]
    assert sorted(set(expected), key=text.sort_key) == expected


def test_a_business_is_sorted_by_its_first_word() -> None:
    assert text.sort_key("Công ty Zét", person=False) < text.sort_key("Doanh nghiệp An", person=False)


def test_words_of_each_scope_are_in_the_vector() -> None:
    assert text.vector("Nguyễn Văn Văn", ["u1", ""]) == "'u1.nguyen' 'u1.van' '.nguyen' '.van'"
    assert text.vector("?!", ["u1"]) == ""


@pytest.mark.parametrize("scope", ["U1", "u1.", "u'", "1", "u" * 40])
def test_a_scope_that_could_break_out_is_refused(scope: str) -> None:
    with pytest.raises(ValueError, match="scope"):
        text.query("a", scope)


class InTheDatabase(TestCase):
    def found(self, stored: str, sought: str, scope: str = "", scopes: tuple[str, ...] = ("",)) -> bool:
        wanted = text.query(sought, scope)
        if not wanted:
            return False
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [text.vector(stored, scopes), wanted])
            return bool(cursor.fetchone()[0])

    @settings(max_examples=300, deadline=None)
    @given(st.one_of(ANY, VIETNAMESE))
    @example("ĐđÐðƉɖØøŁłÆæŒœıßÞþ İSTANBUL ½ m² ™ ﬁ ΩΣς ЁЙ \u1680 \u3000")
    @example("a\u0323\u0302b\u00ad\u2028c")
    def test_sql_folds_as_python_does(self, written: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT vamco_fold(%s)", [written])
            assert cursor.fetchone()[0] == text.fold(written)

    def test_sql_function_can_stand_in_an_index(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE t (name text)")
            cursor.execute("CREATE INDEX ON t (vamco_fold(name))")
            cursor.execute("SELECT vamco_fold(NULL)")
            assert cursor.fetchone()[0] is None

    @settings(max_examples=100, deadline=None)
    @given(st.lists(VIETNAMESE, max_size=8))
    def test_the_database_sorts_keys_as_python_does(self, names: list[str]) -> None:
        keys = [text.sort_key(name) for name in names]
        with connection.cursor() as cursor:
            cursor.execute('SELECT k FROM unnest(%s::text[]) k ORDER BY k COLLATE "C"', [keys])
            assert [row[0] for row in cursor.fetchall()] == sorted(keys)

    def test_whole_words_and_beginnings_of_words_are_found(self) -> None:
        for sought in ["nguyen van a", "Nguyễn", "ngu", "a van", "N V A", "VĂN Á"]:
            assert self.found("Nguyễn Văn Á", sought), sought
        for sought in ["guyen", "nguyen b", "nguyenvan", "", "?"]:
            assert not self.found("Nguyễn Văn Á", sought), sought

    def test_a_scope_does_not_see_another(self) -> None:
        assert self.found("Nguyễn Văn Á", "nguyen", "u1", ("u1", "u2"))
        assert not self.found("Nguyễn Văn Á", "nguyen", "u3", ("u1", "u2"))
        assert not self.found("Nguyễn Văn Á", "u1", "", ("u1",))
        assert not self.found("Nguyễn Văn Á", "nguyen", "u1", ("u11",))

    def test_several_scopes_at_once(self) -> None:
        with connection.cursor() as cursor:
            vector, query = text.vector("Lê Á", ["u2"]), text.any_scope_query("le", ["u1", "u2"])
            cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, query])
            assert cursor.fetchone()[0]
        assert text.any_scope_query("!", ["u1"]) == ""

    @settings(max_examples=300, deadline=None)
    @given(st.one_of(ANY, st.text("'\"\\:*&|!()<-> a\u0301đ", max_size=30)))
    @example("a' | 'u2.b")
    @example("x" * 10_000)
    @example("a " * 5_000)
    @example("'; DROP TABLE core_file; --")
    @example(" ".join(f"tu{i}" for i in range(5_000)))
    @example("\0a\0")
    def test_any_input_is_a_valid_query_that_finds_its_own_text(self, written: str) -> None:
        if text.words(written):
            assert self.found(written, written, "u7", ("u7",))
        else:
            assert text.query(written, "u7") == ""
