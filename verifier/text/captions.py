"""Captions of pictures that stand among the paragraphs of an article.

A caption shows itself by an agency's credit at its end ("– Reuters / file"), by words that only a picture needs
("(left)", "In this file photo"), or by standing twice at the top: as the picture's alternative text and again below it.
"""

from __future__ import annotations

import re

from verifier.text.words import one_line

MOST_CHARACTERS = 600  # also bounds what the patterns may cost on hostile input
MOST_TWIN_WORDS = 30

_AGENCY = (
    r"(?:REUTERS|Reuters|AFP|AP|Associated Press|PTI|ANI|IANS|UPI|EPA(?:-EFE)?|EFE|DPA|dpa|TASS|Xinhua|Kyodo|Yonhap|"
    r"Anadolu(?: Agency)?|AA|APP|PPI|INP|Getty(?: Images)?|Bloomberg|NYT|Shutterstock|Alamy|Instagram|Twitter|Facebook|"
    r"Bernama|BSS|UNB|Antara|PID|ISPR|RIA(?: Novosti)?|Sputnik)"
)
_PHOTO = r"(?:[Ff]ile(?: [Pp]hoto| [Ii]mage)?|FILE|[Pp]hoto|[Pp]ool|[Hh]andout|[Ss]creengrab)"
_CAPITALISED = r"[A-Z][\w.'’-]{1,20}"
_PART = rf"(?:{_AGENCY}|{_PHOTO}|{_CAPITALISED}(?: {_CAPITALISED})?)"
# "– Reuters / file", "— AFP", "| Photo: Jane Doe/AP", "- File photo", "– An Instagram / Reuters"
_CREDIT = re.compile(
    rf"\s?(?:[–—|]|\s-)\s?(?:(?:An?|The)\s)?"
    rf"(?:(?i:photo|image|picture|credit)s?(?:\s(?i:by|credit|courtesy))?\s?:?\s)?"
    rf"(?:{_PART}\s?[/|,]\s?){{0,2}}(?:{_AGENCY}|{_PHOTO})\b(?:\s?[/|,]\s?{_PART}){{0,2}}(?:\s{_PHOTO})?"
)
# "[File: Jane Doe/Reuters]", "(AP Photo/Jane Doe)", "... /Getty Images", "REUTERS/Jane Doe", "Photo: Jane Doe"
_END_CREDIT = re.compile(
    rf"(?:[\[(](?i:[^\])]{{0,60}}\b(?:photo|file|image|handout)\b[^\])]{{0,60}})[\])]"
    rf"|[\[(][^\])]{{1,40}}/\s?{_AGENCY}[\])]"
    rf"|(?:/|\bvia )(?:AFP|Reuters|REUTERS|AP|EPA|Getty Images|Bloomberg)"
    rf"|REUTERS/{_CAPITALISED}(?: {_CAPITALISED}){{0,2}}"
    rf"|(?i:photo|image|picture)s?(?i: credit| courtesy| by)?\s?:\s?[\w /.,'’&-]{{2,60}})\.?$"
)
_WHOLE = re.compile(
    r"(?:representati(?:ve|onal)|file|undated|illustrative|handout|stock) (?:photo|image|picture)s?\b.{0,80}"
    r"|(?:photo|image|picture|pic)s?(?: credit| courtesy| by)?\s?:.{1,80}"
    r"|(?:photo|image|picture)s? (?:credit|courtesy)\b.{1,80}"
    r"|in this (?:\w+ ){0,2}(?:photo|picture|image|photograph|screengrab|handout|frame grab|video grab)\b.*",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\((?:pictured |from |in |second |centre |center |far )?(?:left|right|l|r|c|centre|center|pictured|file photo)\)"
    r"|\b(?:pictured|seen in this|from left to right|clockwise from)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:said|says|told|stated|according|was|were|has|have|had|will|would|could|rose|fell|won|lost|met"
    r"|[a-z]{3,}(?<!pictur)(?<!photograph)(?<!mask)(?<!arm)(?<!cover)(?<!damag)(?<!burn)(?<!surround)ed)\b"
)
_REPORTS = re.compile(r"\b(?:said|told|added|according to|announced|warned)\b")
_QUOTE = re.compile(r"[“”\"«»]")


def is_caption(paragraph: str, *, opening: bool, closing: bool) -> bool:
    """Whether the whole paragraph is a caption. `opening`: it is among the first; `closing`: it is the last.

    A bare agency after a dash is a credit only at the opening, and not behind what reports speech: there, in the body
    and at the end it signs the story. A paragraph that quotes can be a caption only at the opening.
    """
    if len(paragraph) > MOST_CHARACTERS:
        return False
    line = one_line(paragraph)
    if _WHOLE.fullmatch(line):
        return True
    if closing or (_QUOTE.search(line) and not opening):
        return False
    end = _END_CREDIT.search(line)
    return bool(end and line[: end.start()].strip(" .")) or (opening and _is_credited(line))


def _is_credited(line: str) -> bool:
    return bare_caption(line) != line and not _REPORTS.search(line)


def caption_end(paragraph: str) -> int | None:
    """Where a caption ends that is glued to the text behind it, None if there is none.

    The caption must carry a credit, and something else that only a picture has: a place in the picture, or a credit in
    two parts. What it says before the credit neither quotes nor reports.
    """
    credit = _CREDIT.search(paragraph, 0, MOST_CHARACTERS)
    if credit is None or not paragraph[credit.end() :].strip(" ."):
        return None
    head = paragraph[: credit.start()]
    if _QUOTE.search(head) or _is_dateline(head):
        return None
    pictured = _PLACE.search(head) or ("/" in credit.group() and not _PAST.search(head))
    starts_anew = re.match(r"[\s.)]*[A-Z“\"‘'\d]", paragraph[credit.end() :])
    return credit.end() if pictured and starts_anew else None


def bare_caption(paragraph: str) -> str:
    """A caption without the agency's credit that ends it; the paragraph itself where there is none."""
    for credit in _CREDIT.finditer(paragraph[:MOST_CHARACTERS]):
        if not paragraph[credit.end() :].strip(" .") and not _is_dateline(paragraph[: credit.start()]):
            return paragraph[: credit.start()]
    return paragraph


def reads_like_caption(paragraph: str) -> bool:
    """Whether a paragraph that stands twice at the top is a caption and not a headline or a standfirst.

    A caption is a short sentence with its full stop, in the present tense or without a verb; a headline has no full
    stop, a standfirst tells what happened.
    """
    line = one_line(paragraph)
    return line.endswith(".") and line.count(" ") < MOST_TWIN_WORDS and not (_QUOTE.search(line) or _PAST.search(line))


def _is_dateline(head: str) -> bool:
    """ "KABUL – Reuters" names a place, and so does an empty head: capitals only."""
    return not any(character.islower() for character in head)
