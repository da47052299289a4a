from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.text.boilerplate import mark_furniture, recurring
from verifier.text.furniture import furniture_mark
from verifier.text.paragraphs import paragraphs_of
from verifier.values import Mark, Paragraph

ADVERTISEMENT = [
    "Advertisement",
    "ADVERTISEMENT",
    "Advertisements",
    "Ad",
    "Sponsored",
    "Sponsored Content",
    "Sponsored by Harbour Bank",
    "Story continues below this ad",
    "Article continues after advertisement",
    "Scroll to continue",
    "- Advertisement -",
    "Report this ad",
    "Continue reading below",
]

FURNITURE = [
    "Leave a Reply",
    "Leave a comment",
    "Leave a Reply Cancel reply",
    "Your email address will not be published. Required fields are marked *",
    "Save my name, email, and website in this browser for the next time I comment.",
    "Name *",
    "12 Comments",
    "Comments are closed",
    "Read More News On",
    "Read more:",
    "Read more: Harbour wall to be rebuilt in spring",
    "ALSO READ Harbour wall to be rebuilt",
    "Also read: “We will rebuild,” says mayor",
    "Related stories",
    "You may also like",
    "Recommended for you",
    "Trending now",
    "More from Harbour Gazette",
    "End of Article",
    "Next Story",
    "Previous article",
    "Tags: harbour, ferry, union",
    "Download The Harbour App",
    "Download the Gazette app to get the daily news update & follow us on Google News.",
    "Catch all the Harbour News, Breaking News Event and Latest News Updates on The Gazette",
    "Follow us on Twitter and Facebook",
    "Follow Gazette Sport on X",
    "Join our WhatsApp channel",
    "Subscribe to our newsletter",
    "Sign up for the daily briefing newsletter",
    "For the latest news, download our app",
    "Share this",
    "Share this article on Facebook",
    "Share:",
    "Facebook Twitter WhatsApp",
    "Copy link",
    "5 min read",
    "By Jane Doe",
    "By JANE DOE and John Roe",
    "By Jane van der Berg, Harbour Gazette",
    "BY OUR REPORTER",
    "Written by Jane Doe",
    "Published: March 5, 2024",
    "Published: 12:30 PM GMT, Tue 5 March 2024",
    "Last updated on 5 Mar 2024 10:20",
    "Updated 3 hours ago",
    "Published in Gazette, March 5th, 2024",
    "March 5, 2024",
    "Tue, 05 Mar 2024 12:05 GMT",
    "Web Desk",
    "Staff Reporter",
    "© 2024 Harbour Gazette",
    "Copyright 2024 Harbour Gazette",
    "All rights reserved.",
    "(With inputs from agencies)",
    "(Reporting by Jane Doe; Editing by John Roe)",
    "This story has not been edited by our staff and is auto-generated from a syndicated feed.",
    "***",
    "•",
    "* * *",
    "https://example.org/a",
    "We use cookies to make this site work",
    "Disclaimer: views are the writer's own.",
    "Log in",
    "Privacy Policy | Contact us",
]

STORY = [
    "3.",
    "60 people.",
    "The engine was checked twice. [Reuters]",
    "Spending on advertisement rose by 5 per cent.",
    "Advertisements for the ferry were taken down on Monday, the union said.",
    "The union asked its members to share this article with the minister.",
    "By Monday evening the river had crossed its banks.",
    "By the end of the week 40 people had left.",
    "Published reports say that the wall will be rebuilt.",
    "The report has not been published.",
    "Follow us, the mayor told the crowd.",
    "Join us or stay at home, the minister told the union on Tuesday.",
    "Copyright law is to change next year.",
    "The next story was hers.",
    "“Download the app,” he told reporters, “and you will see.”",
    "He ended his speech.",
    "Tarar said.",
    "No.",
    "Report by auditors says the fund is empty",
    "Written by hand, the letter asks for peace.",
    "Read the treaty again, she said.",
    "May resigned.",
    "March for peace drew thousands",
    "March 5 was the last day.",
    "“Share this burden,” he said.",
    "In 2024, 40 died.",
    "Get the latest news to the people, he said, and they will act on it.",
]


@pytest.mark.parametrize("words", ADVERTISEMENT)
def test_advertisement(words: str) -> None:
    assert furniture_mark(words) is Mark.ADVERTISEMENT


@pytest.mark.parametrize("words", FURNITURE)
def test_furniture(words: str) -> None:
    assert furniture_mark(words) is Mark.FURNITURE


@pytest.mark.parametrize("words", STORY)
def test_sentences_that_merely_hold_such_words_stay(words: str) -> None:
    assert furniture_mark(words) is None


LEAD = "The ferry to the islands stopped on Monday after the crew refused to sail, the operator said."
BODY = "“We will sail when the engine is safe,” said Ines Vale, who speaks for the crew."

# Each case is a list of (paragraph, mark); a mark is one of c(aption), r(epeated), a(dvertisement), f(urniture) or -.
LAYOUTS = {
    "plain story": [(LEAD, "-"), (BODY, "-")],
    "headline three times": [
        ("Crew refuses to sail to the islands", "-"),
        ("Crew refuses to sail to the islands", "r"),
        ("Crew Refuses to Sail to the Islands", "r"),
        ("Advertisement", "a"),
        (LEAD, "-"),
    ],
    "caption twice": [
        ("The ferry in the harbour of Vale.", "c"),
        ("The ferry in the harbour of Vale. ", "c"),
        (LEAD, "-"),
    ],
    "caption with credit, then bare": [
        ("The ferry in the harbour of Vale. – Reuters / file", "c"),
        ("The ferry in the harbour of Vale.", "c"),
        (LEAD, "-"),
    ],
    "standfirst repeated as the lead": [(LEAD, "-"), (LEAD, "r"), (BODY, "-")],
    "credit of an agency": [("Crew members stand on the deck of the ferry. — AFP/File", "c"), (LEAD, "-")],
    "credit after a bar": [("Crew members on the deck | Photo: Jane Doe/AP", "c"), (LEAD, "-")],
    "credit in brackets": [("Crew members on the deck [Jane Doe/Reuters]", "c"), (LEAD, "-")],
    "file photo in the body": [(LEAD, "-"), ("Ines Vale in 2020 (File photo)", "c"), (BODY, "-")],
    "credit line alone": [("Photo: Harbour Gazette", "c"), (LEAD, "-")],
    "described picture": [
        ("In this file photo taken on March 5, 2024, crew members stand on the deck.", "c"),
        (LEAD, "-"),
    ],
    "agency signs the story": [(LEAD, "-"), (BODY, "-"), ("The operator will meet the crew on Friday. – Reuters", "-")],
    "agency in a dateline": [("VALE HARBOUR – Reuters: The ferry stopped on Monday.", "-"), (BODY, "-")],
    "pull quote of the body": [
        (LEAD, "-"),
        (BODY, "-"),
        ("“We will sail when the engine is safe,” said Ines Vale", "r"),
    ],
    "short words may come again": [(LEAD, "-"), ("“No comment.”", "-"), (BODY, "-"), ("“No comment.”", "-")],
    "comment form": [(LEAD, "-"), ("Leave a Reply", "f"), ("Your email address will not be published.", "f")],
}
LETTERS = {"-": None, "c": Mark.CAPTION, "r": Mark.REPEATED, "a": Mark.ADVERTISEMENT, "f": Mark.FURNITURE}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("end", ["\n", "\r\n\r\n"], ids=["unix", "windows"])
def test_layouts(layout: list[tuple[str, str]], end: str) -> None:
    text = end.join(words for words, _ in layout)
    marked = mark_furniture(text, paragraphs_of(text))
    found = [(text[one.start : one.end], one.mark) for one in marked]
    assert found == [(words.strip(), LETTERS[letter]) for words, letter in layout]


def test_a_title_is_a_headline_and_no_caption() -> None:
    text = f"Ferry stays in harbour.\nFerry stays in harbour.\n{LEAD}"
    marked = mark_furniture(text, paragraphs_of(text), "Ferry stays in harbour")
    assert [one.mark for one in marked] == [None, Mark.REPEATED, None]


GLUED = {
    "place and credit": "Ines Vale (left) and the mayor. – An Instagram / Reuters The crew said on Monday it "
    "will not sail.",
    "credit in two parts": "Crew members on the deck. — AFP / file The crew said on Monday that it will not sail.",
    "quoted summary": "Ines Vale (R) on the deck – AP “We will not sail,” the crew said.",
}


@pytest.mark.parametrize("first", GLUED.values(), ids=GLUED.keys())
def test_a_caption_glued_to_a_summary_is_cut_off(first: str) -> None:
    text = f"\n\n{first}\n\n{LEAD}"
    caption, summary, lead = mark_furniture(text, paragraphs_of(text))
    assert (caption.mark, summary.mark, lead.mark) == (Mark.CAPTION, None, None)
    assert text[caption.start : caption.end].endswith(("Reuters", "file", "AP"))
    assert text[summary.start : summary.end].startswith(("The crew said", "“We will"))
    assert text[summary.start : summary.end].endswith("said.") or text[summary.start : summary.end].endswith("sail.")


@pytest.mark.parametrize(
    "first",
    [
        "The crew said it told the operator – Reuters The operator denied it.",
        "VALE / Reuters – The ferry stopped on Monday.",
        "KABUL – AFP / file The ferry stopped.",
        "The operator – AP Shipping – denied that the engine was unsafe.",
    ],
)
def test_no_caption_is_cut_from_a_story(first: str) -> None:
    text = f"{first}\n{LEAD}"
    assert mark_furniture(text, paragraphs_of(text)) == paragraphs_of(text)


LINES = st.lists(
    st.one_of(
        st.text(max_size=60), st.sampled_from([LEAD, BODY, *ADVERTISEMENT[:3], *FURNITURE[:9], *STORY, *GLUED.values()])
    ),
    max_size=12,
)


@given(LINES)
@settings(derandomize=True, deadline=None)
def test_marks_lose_no_words_and_keep_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    before, after = paragraphs_of(text), mark_furniture(text, paragraphs_of(text))
    assert all(0 <= one.start < one.end <= len(text) for one in after)
    assert all(one.end <= other.start for one, other in pairwise(after))
    assert len(before) <= len(after) <= len(before) + 1
    kept, all_ = ("".join(text[p.start : p.end] for p in found).split() for found in (after, before))
    assert "".join(kept).replace(")", "").replace(".", "") == "".join(all_).replace(")", "").replace(".", "")
    assert mark_furniture(text, after) == after


def paragraphs(*lengths: int) -> tuple[Paragraph, ...]:
    ends = [sum(lengths[: n + 1]) + n for n in range(len(lengths))]
    return tuple(Paragraph(end - length, end) for end, length in zip(ends, lengths, strict=True))


FIVE = paragraphs(80, 80, 80, 300, 80)
PLAIN = "a" * 700
RECURRING = {
    "shared with nobody": ({}, set()),
    "a short one in another article": ({1: {7}}, {1}),
    "a long one in one article": ({3: {7}}, set()),
    "a long one in two articles": ({3: {7, 8}}, {3}),
    "an article that shares more than half is a reprint": ({0: {7}, 1: {7}, 2: {7}}, set()),
    "two of five is not more than half": ({0: {7}, 1: {7}}, {0, 1}),
    "a reprint does not hide what a third article shows": ({0: {7}, 1: {7}, 2: {7, 8}}, {2}),
    "a reprint proves nothing of a long one": ({0: {7}, 1: {7}, 3: {7, 8}}, set()),
}


@pytest.mark.parametrize(("shared", "expected"), RECURRING.values(), ids=RECURRING.keys())
def test_recurring(shared: dict[int, set[int]], expected: set[int]) -> None:
    found = recurring({index: frozenset(articles) for index, articles in shared.items()}, FIVE, PLAIN)
    assert found == dict.fromkeys(expected, Mark.RECURRING)


def test_recurring_needs_two_articles_for_a_quotation() -> None:
    text = f"“We will sail,” she said.\n{LEAD}\nThe Gazette is read in Vale.\nThe sea was calm."
    found = paragraphs_of(text)
    one = {0: frozenset({7}), 2: frozenset({8})}
    assert recurring(one, found, text) == {2: Mark.RECURRING}
    assert recurring(one | {0: frozenset({7, 9})}, found, text) == {0: Mark.RECURRING, 2: Mark.RECURRING}


def test_recurring_again_gives_the_same_marks() -> None:
    shared = {0: frozenset({7}), 1: frozenset({7})}
    first = recurring(shared, FIVE, PLAIN)
    marked = tuple(Paragraph(p.start, p.end, first.get(n)) for n, p in enumerate(FIVE))
    assert recurring(shared, marked, PLAIN) == first


def test_recurring_leaves_other_marks_and_does_not_count_them() -> None:
    marked = (Paragraph(0, 10, Mark.FURNITURE), Paragraph(11, 60), Paragraph(61, 99))
    shared = {0: frozenset({7}), 1: frozenset({7})}
    assert recurring(shared, marked, PLAIN) == {1: Mark.RECURRING}
    assert recurring(shared | {2: frozenset({7})}, marked, PLAIN) == {}
