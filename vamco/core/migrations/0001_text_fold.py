"""`vamco_fold(text)`: the SQL twin of `core.text.fold`, without any extension."""

from django.db import migrations

# The same tables and classes as in core/text.py of the day this was written (a test compares the two).
_FROM = "ĐđÐðƉɖØøŁłÆæŒœıßÞþ"
_TO = "ddddddoollaaooistt"
_CAPITALS = "".join(map(chr, [*range(0x391, 0x3A2), *range(0x3A3, 0x3AA), *range(0x410, 0x430)]))
_ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DROP = r"[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
_GAP = r"[\u0001-\u002f\u003a-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u303f\ufff0-\uffff]+"

CREATE = f"""
CREATE FUNCTION vamco_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $fold$
SELECT btrim(regexp_replace(translate(
    regexp_replace(normalize(value, NFKD), '{_DROP}', '', 'g'),
    '{_FROM}{_CAPITALS}{_ASCII}', '{_TO}{_CAPITALS.lower()}{_ASCII.lower()}'),
    '{_GAP}', ' ', 'g'), ' ')
$fold$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION vamco_fold(text)")]
