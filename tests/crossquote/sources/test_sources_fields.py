"""Front matter, dates, languages and the checks of a text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossquote.sources import read_text
from crossquote.sources.articles import Fields
from crossquote.sources.dates import parse_date
from crossquote.sources.text_files import KEYS, split_front_matter
from verifier.errors import BadInput
from verifier.text.paragraphs import paragraphs_of

STORY = "The ferry stopped on Monday.\r\n\r\n“We will not sail,” said Ines Vale.\r\n"

FRONT_MATTER = {
    "none": (STORY, Fields(), STORY),
    "byte order mark, none": ("\ufeff" + STORY, Fields(), "\ufeff" + STORY),
    "all keys": (
        "---\noutlet: Gazette\nurl: https://a.example/1\ntitle: Ferry: stopped\nauthor: Jane\npublished_at: "
        "2024-03-05\n---\n"
        + STORY,
        Fields("Gazette", "https://a.example/1", "Ferry: stopped", "Jane", "2024-03-05"),
        STORY,
    ),
    "windows line ends": (f"---\r\noutlet: Gazette\r\n---\r\n{STORY}", Fields("Gazette"), STORY),
    "old line ends": (f"---\routlet: Gazette\r---\r{STORY}", Fields("Gazette"), STORY),
    "byte order mark before the block": (f"\ufeff---\noutlet: Gazette\n---\n{STORY}", Fields("Gazette"), STORY),
    "quoted, spaced, in capitals": (f'---\nOutlet:   "The Gazette"  \n---\n{STORY}', Fields("The Gazette"), STORY),
    "empty value, comment, blank line": (f"---\noutlet:\n\n# more\ntitle: A\n---\n{STORY}", Fields(title="A"), STORY),
    "unknown keys with a list": (f"---\ntags:\n  - a\n- b\noutlet: A\n---\n{STORY}", Fields("A"), STORY),
    "empty block": (f"---\n---\n{STORY}", Fields(), STORY),
    "blank lines behind it stay": (f"---\noutlet: A\n---\n\n\n{STORY}", Fields("A"), f"\n\n{STORY}"),
    "a rule further down": (f"{STORY}\n---\nA\n---\n", Fields(), f"{STORY}\n---\nA\n---\n"),
    "nothing behind it": ("---\noutlet: A\n---", Fields("A"), ""),
    "a dash too many": (f"----\n{STORY}", Fields(), f"----\n{STORY}"),
}  # fmt: skip


@pytest.mark.parametrize(("whole", "fields", "text"), FRONT_MATTER.values(), ids=FRONT_MATTER.keys())
def test_front_matter(whole: str, fields: Fields, text: str) -> None:
    assert split_front_matter(whole) == (fields, text)


@pytest.mark.parametrize(
    ("whole", "message"),
    [
        (f"---\noutlet: A\n{STORY}", "no `key: value`|not closed"),
        (f"---\noutlet: A\n\n{STORY}", "not closed"),
        (f"---\nGazette\n---\n{STORY}", "line 2 of the front matter"),
        (f"---\noutlet: A\nOUTLET: B\n---\n{STORY}", "gives outlet twice"),
        (f"---\ntitle: A\n  and more\n---\n{STORY}", "line 3 of the front matter"),
        ("---\n", "not closed"),
    ],
    ids=["open", "open at the end", "no key", "twice", "value on two lines", "nothing else"],
)
def test_malformed_front_matter_is_one_line_with_the_remedy(whole: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        split_front_matter(whole)
    assert "\n" not in caught.value.message


PRINTABLE = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30)
VALUES = PRINTABLE.map(str.strip).filter(lambda one: bool(one) and not one.startswith(('"', "'")))


@given(st.dictionaries(st.sampled_from(KEYS), VALUES), st.text(), st.sampled_from(["\n", "\r\n", "\r"]))
@settings(derandomize=True, deadline=None)
def test_front_matter_round_trip(values: dict[str, str], text: str, end: str) -> None:
    if end == "\r" and text.startswith("\n"):
        text = "x" + text
    block = end.join(["---", *(f"{key}: {value}" for key, value in values.items()), "---", ""])
    assert split_front_matter(block + text) == (Fields(**values), text)


@given(st.one_of(st.text(), st.text().map("---\n{}".format)))
@settings(derandomize=True, deadline=None)
def test_the_text_is_always_the_end_of_the_whole(whole: str) -> None:
    try:
        _, text = split_front_matter(whole)
    except BadInput:
        return
    assert whole.endswith(text)


DATES = {
    "2024-03-05": "2024-03-05T00:00:00",
    "2024-03-05T14:30:00+02:00": "2024-03-05T12:30:00",
    "2024-03-05T14:30:00Z": "2024-03-05T14:30:00",
    "2024-03-05 14:30": "2024-03-05T14:30:00",
    "2024-03-05 14:30:00 UTC": "2024-03-05T14:30:00",
    "2024-03-05T14:30:00.123456+00:00": "2024-03-05T14:30:00.123456",
    "20240305": "2024-03-05T00:00:00",
    "2024/03/05": "2024-03-05T00:00:00",
    "Tue, 05 Mar 2024 14:30:00 +0200": "2024-03-05T12:30:00",
    "Tue, 05 Mar 2024 14:30:00 GMT": "2024-03-05T14:30:00",
    "5 March 2024": "2024-03-05T00:00:00",
    "March 5th, 2024 2:30 PM": "2024-03-05T14:30:00",
    "March 5, 2024 2:30 pm PKT": "2024-03-05T09:30:00",
    "25/03/2024": "2024-03-25T00:00:00",
    "03/25/2024": "2024-03-25T00:00:00",
    "05/05/2024": "2024-05-05T00:00:00",
    " 2024-03-05 ": "2024-03-05T00:00:00",
}


@pytest.mark.parametrize(("written", "expected"), DATES.items())
def test_dates_are_aware_and_in_utc(written: str, expected: str) -> None:
    found = parse_date(written)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("03/04/2024", "day and month could be either"),
        ("March 2024", "does not name day, month and year"),
        ("14:30", "does not name day, month and year"),
        ("yesterday", "no date"),
        ("2024-02-30", "no date"),
        ("5 March 2024 14:30 XYZT", "no date"),
        ("0001-01-01", "before 1900"),
        ("0001-01-01T00:00+14:00", "out of range"),
        ("2999-01-01", "in the future"),
        ("9" * 500, "no date"),
        ("\x00", "no date"),
        ("", "no date"),
    ],
)
def test_a_date_that_would_be_guessed_is_refused(written: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        parse_date(written)
    assert "write it like 2024-03-05T14:30:00+02:00" in caught.value.message


@given(st.one_of(st.text(max_size=40), st.text(alphabet="0123456789-:/.T +ZJanMr,", max_size=30)))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_no_date_raises_anything_else(written: str) -> None:
    try:
        found = parse_date(written)
    except BadInput:
        return
    assert found.tzinfo is UTC


ENGLISH = {
    "names in other languages": (
        "Bundeskanzler Jörg Müller-Lüdenscheidt and the Élysée said in São Tomé on Monday that the Gesellschaft "
        "für Seefahrt and "
        "Compañía Naviera del Océano would merge. “Nous sommes prêts,” said François Lefèvre, the head of the "
        "Société Générale des "
        "Bateaux, and Małgorzata Wiśniewska of Żegluga Polska agreed with him in Łódź."
    ),
    "table of results": "Vale 3 Harbour 1; Easton 0 Weston 0; Northby 2 Southby 2. " * 8,
    "simple story": "The ferry stopped on Monday because the crew refused to sail, the operator said in a statement. "
    * 4,
    "capitals": "THE FERRY STOPPED ON MONDAY BECAUSE THE CREW REFUSED TO SAIL, THE OPERATOR SAID. " * 4,
    "short German": "Die Fähre blieb am Montag im Hafen.",
    "English story with a German quotation": (
        "The ferry stopped on Monday because the crew refused to sail, the operator said. The crew's union "
        "asked for a new engine, "
        "and the minister promised one. “Wir werden nicht fahren, solange die Maschine nicht sicher ist,” said "
        "the captain, in German. "
        "The operator answered that the engine had been checked last week, and that no fault had been found then."
    ),
}
FOREIGN = {
    "de": "Die Fähre blieb am Montag im Hafen, weil sich die Besatzung weigerte auszulaufen, teilte die "
    "Reederei mit. Die "
    "Gewerkschaft verlangt seit Wochen eine neue Maschine. „Wir fahren erst, wenn sie sicher ist“, sagte eine "
    "Sprecherin.",
    "es": "El transbordador se quedó el lunes en el puerto porque la tripulación se negó a zarpar, informó la "
    "empresa. El "
    "sindicato pide desde hace semanas un motor nuevo. «No saldremos hasta que sea seguro», dijo una portavoz "
    "del grupo.",
    "ur": "کشتی پیر کے روز بندرگاہ میں ہی رہی کیونکہ عملے نے جانے سے انکار کر دیا، کمپنی نے بتایا۔ یونین کئی "
    "ہفتوں سے نئے انجن کا مطالبہ "
    "کر رہی ہے۔ ترجمان نے کہا کہ جب تک انجن محفوظ نہیں ہو گا ہم نہیں جائیں گے۔ وزیر نے کہا کہ حکومت جلد ہی اس "
    "مسئلے کا حل نکالے گی۔",
    "fr": "Le ferry est resté lundi au port parce que l’équipage a refusé de partir, a indiqué la compagnie. Le "
    "syndicat demande "
    "depuis des semaines un nouveau moteur. « Nous partirons quand il sera sûr », a déclaré une porte-parole.",
}  # fmt: skip


@pytest.mark.parametrize("text", ENGLISH.values(), ids=ENGLISH.keys())
def test_english_is_taken(text: str) -> None:
    assert read_text(text, "-").language == "en"


@pytest.mark.parametrize(("language", "text"), FOREIGN.items())
def test_other_languages_are_refused(language: str, text: str) -> None:
    with pytest.raises(BadInput, match=rf"^-: is not in English \(language '{language}'.*give English articles only$"):
        read_text(text, "-")


def test_english_furniture_does_not_hide_a_foreign_story() -> None:
    text = FOREIGN["de"] + "\nLeave a Reply\nYour email address will not be published. Required fields are marked *"
    with pytest.raises(BadInput, match="not in English"):
        read_text(text, "-")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" \r\n\t\ufeff\u00a0", "is empty"),
        (b"", "is empty"),
        (b"\xff\xfet\x00", "is not UTF-8 text .byte 0.; save it as UTF-8"),
        ("caf\u00e9 was".encode("latin-1"), "is not UTF-8 text .byte 3"),
        ("One\x00two", "not text .control character U.0000 at character 3"),
        ("One \x1b[31mred", "U.001B"),
        ("Half \ud83d a pair", "surrogate"),
        (b"a " * 2_500_001, "larger than 5 MB"),
        ("é " * 1_700_000, "larger than 5 MB"),
        ("---\nurl: harbour\n---\nThe ferry stopped.", "not an http.s. URL"),
        ("---\npublished_at: soon\n---\nThe ferry stopped.", "published_at 'soon'"),
        ("---\noutlet: A\n---\n", "is empty"),
    ],
)
def test_what_is_no_article_is_one_line(text: str | bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        read_text(text, "notes")
    assert caught.value.message.startswith("notes: ")
    assert "\n" not in caught.value.message


def test_a_text_is_kept_unchanged_and_its_fields_are_filled() -> None:
    fields = "url: HTTPS://www.Gazette.example/a/?utm_source=x\npublished_at: 2024-03-05T01:00+01:00\ntitle: A  b"
    whole = f"---\n{fields}\n---\n{STORY}"
    found = read_text(whole.encode(), "-")
    assert found.text == STORY
    assert (found.url, found.outlet, found.title) == ("https://www.gazette.example/a", "gazette.example", "A b")
    assert found.published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert found.paragraphs == paragraphs_of(STORY)


@given(st.one_of(st.binary(), st.text()))
@settings(derandomize=True, deadline=None, max_examples=300)
def test_any_input_is_an_article_or_bad_input(data: str | bytes) -> None:
    try:
        found = read_text(data, "-")
    except BadInput:
        return
    whole = data.decode() if isinstance(data, bytes) else data
    assert whole.endswith(found.text)
    assert all(found.text[one.start : one.end].strip() for one in found.paragraphs)
