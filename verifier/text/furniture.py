"""What belongs to the page and not to the story: a paragraph's words alone decide.

Every pattern must match the whole paragraph, and a paragraph of more than 40 words is never furniture, so a
sentence that merely contains such words ("Spending on advertisements rose") stays. The lists come from looking at
news copy as crawlers store it: calls to subscribe, comment forms, share buttons, bylines, dates, copyright lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from verifier.text.words import one_line
from verifier.values import Mark

MOST_WORDS = 40
MOST_CHARACTERS = 400  # bounds what the patterns may cost on hostile input

_NETWORK = (
    r"(?:facebook|twitter|x \(twitter\)|x|whats ?app|instagram|telegram|linkedin|pinterest|reddit|youtube|tiktok|"
    r"threads|"
    r"bluesky|google news|google|flipboard|messenger|viber|e-?mail|tumblr|snapchat|rss)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?"
_ZONE = r"(?:gmt|utc|ist|pkt|pst|est|edt|et|bst|cet|a\.?m\.?|p\.?m\.?|z)"
_NUMBER = r"\d[\d:./+-]*+(?:st|nd|rd|th|am|pm|h|t[\d:.]++z?)?"
# Possessive throughout: a long run of digits must not be tried in every partition.
_WHEN = rf"(?:(?:{_MONTH}|{_DAY}|{_ZONE}|at|on|of|{_NUMBER})(?![^\W\d])[\s,.|·•()-]*+)++"
_AGO = r"(?:\d++|an?|one)\s(?:second|minute|min|hour|day|week|month)s?\sago"

_ADVERTISEMENT = (
    r"(?:an? )?ad(?:s|vert|verts)?",
    r"advertisements?(?: - scroll to continue| \d{1,3})?",
    r"(?:paid |brand(?:ed)? )?(?:sponsor(?:ed)?|promoted|paid|partner)"
    r"(?: (?:content|post|link|story|stories|partnership|message))?s?",
    r"(?:sponsored|presented|promoted) by .{1,40}",
    r"(?:story |article )?(?:continues?|continued) (?:below|after|reading)(?: (?:this|the))?(?: (?:ad|advert|"
    r"advertisement))?",
    r"(?:continue|keep) (?:reading|scrolling)(?: (?:below|after (?:the|this) ad(?:vertisement)?))?",
    r"scroll (?:down )?to continue(?: reading)?",
    r"(?:report|remove|hide|skip) (?:this |the )?ads?(?:vertisements?)?",
)

_FORMS = (
    r"(?:leave|post|write|add|submit) (?:a |your )?(?:reply|comment|response)s?(?: (?:cancel reply|below|here))?",
    r"cancel reply",
    r"your e-?mail(?: address)? will not be (?:published|shared).*",
    r"required fields are marked.*",
    r"save my name,? e-?mail.*",
    r"notify me (?:of|by|via|when) .*",
    r"(?:(?:name|e-?mail|website|comment|your name|your e-?mail|your comment)(?: address)?[\s*:]*+)+",
    r"(?:\d{1,6} |no |view |show |join the )?(?:comments?|conversation|discussion)(?: \(?\d{1,6}\)?| are closed|"
    r" off| yet)*",
    r"(?:log|sign) ?(?:in|up|out)(?: (?:or|to|with) .{1,40})?",
    r"register(?: now)?",
    r"(?:please )?(?:enable|turn on) java ?script.*",
    r"(?:this (?:web)?site|we) uses? (?:cookies|akismet).*",
    r"by (?:continuing|clicking|signing|subscribing|using) (?=.*\b(?:you|your|i|our)\b)"
    r".{1,80}(?:agree|accept|consent|terms|policy).*",
    r"(?:accept|reject|manage)(?: all)? cookies",
    r"skip to (?:main )?content|menu|search|home|loading|close|open|back to top|print|copy link|listen|play|pause|"
    r"subscribe",
    r"listen to (?:this )?(?:article|story)(?: .{1,20})?",
)

_LINKS = (
    r"(?:also|must|further|more|related) ?"
    r"(?:read|watch|see|reading|story|stories|news|articles?|topics?|links?|posts?|coverage)(?:\s?[:|–—-].*)?",
    r"(?:read|see|watch|view)(?: it)? (?:also|more|full (?:story|article)|next|the (?:full|"
    r"latest) .{1,40})(?:\s?[:|–—-].*)?",
    r"read more (?:news|stories|articles|about|on|from|at|here)(?: (?:on|about|from|in|here))?(?: .{1,40})?",
    r"(?-i:ALSO READ|Also Read|READ ALSO|Read Also|READ MORE|Read More|MUST READ|Must Read)\b.*",
    r"you (?:may|might) (?:also )?(?:like|be interested in|enjoy)(?:\s?[:|–—-].*)?",
    r"(?:recommended|trending|popular|most (?:read|viewed|popular|shared)|top stories|latest (?:news|stories|"
    r"updates|articles)|"
    r"editor['’]?s['’]? (?:picks?|choice)|in case you missed it|don['’]t miss|breaking news|live updates|related)"
    r"(?: (?:for you|now|today|stories|articles|posts|videos?|topics?))?(?:\s?:.*)?",
    r"more (?:on|about) (?:this|our) .{1,40}",
    r"more from .{1,40}",
    r"end of (?:the )?(?:article|story|content)|the end|ends?",
    r"(?:next|previous|prev|older|newer)(?: (?:story|article|post|page|news|entries))?s?(?:\s?[»›>→:].*)?",
    r"(?:tags?|topics?|categor(?:y|ies)|filed (?:under|in)|posted in|keywords|labels|source|via)\s?:.{1,120}",
    r"(?:click|tap|press) (?:here|on the link)(?: (?:to|for) .*)?",
    r"https?://\S+",
)

_CALLS = (
    r"(?:please )?(?:download|get|install|try) (?:the |our )?.{0,40}\bapps?\b.*",
    r"(?:catch|get|find|read|watch)(?: all)?(?: of)?(?: the| our| up on)? .{0,60}\b(?:news|updates?|headlines|"
    r"coverage)\b.{0,60}"
    r"\b(?:on|from|via|events?|updates?|inbox|app|free|here|today)\b.*",
    rf"(?:please )?(?:follow|like|join|find|connect with) (?:us|our|@\w{{1,30}})(?:\b.{{0,80}}\b{_NETWORK}\b.*)?",
    rf"follow .{{1,60}} on {_NETWORK}\b.*",
    rf"(?:join|follow) (?:the )?.{{1,40}}\b{_NETWORK} (?:channel|group|page|community)\b.*",
    r"(?:please )?(?:subscribe|sign up|register) (?:now |here |today |free )?(?:to|for|and|with)\b.{0,60}"
    r"\b(?:newsletters?|channel|updates?|alerts?|bulletin|e-?mails?|briefing|digest|notifications?|us|our|inbox|"
    r"podcast|unlimited|"
    r"edition|free|access)\b.*",
    r"(?:subscribe|sign up|become a member|support us|donate|go premium)(?: (?:now|today|here|free))?(?:\s?:.*)?",
    r"(?:for|to get|to read|to receive) (?:the |all |more )?(?:latest |more |breaking |daily |top )?.{0,30}"
    r"\b(?:news|updates?|stories)\b.{0,40}(?<!\bthe )(?<!\bhis )(?<!\bher )(?<!\ba )(?<!\bto )"
    r"\b(?:follow|visit|download|subscribe|click|log on|join|install|like (?=us\b|our\b)|sign up)\b.*",
    r"(?:have|got) (?:a |any )(?:tip|story|news) .{0,20}\?.*",
    r"stay (?:tuned|updated|informed|connected|up to date)\b.{0,80}",
    r"(?:whatsapp|telegram|youtube) channel",
    r"turn on (?:push )?notifications.*",
)

_SHARE = (
    rf"share(?: (?:this|it|on|via|with|now|the|article|story|post|news|page|link|friends?|{_NETWORK}))*\s?:?",
    rf"(?:(?:share|tweet|post|pin|send|print|like|copy link|link copied|save|bookmark|\d{{1,6}} shares?|"
    rf"{_NETWORK})[\s|/,•·:&+-]*+)+",
    r"\d{1,6}(?:\.\d)?[km]? (?:shares?|views?|likes?|comments?|retweets?)",
    r"(?:about )?\d{1,3} ?min(?:ute)?s? ?(?:of )?(?:read(?:ing)?|listen|watch)(?: time)?",
    r"(?:estimated )?(?:reading|read) time\s?:?.{0,20}",
)

_IMPRINT = (
    rf"(?:first |originally |last )?(?:published|updated|posted|modified|created|edited|uploaded)(?: (?:on|at|"
    rf"in))?\s?[:|–-]?\s?"
    rf"(?:{_WHEN}|{_AGO})",
    rf"published in .{{1,40}}?,\s(?:{_WHEN})",
    rf"(?=.*[a-z:/-])(?:{_WHEN}|{_AGO})",
    r"(?:©|\(c\)|copyright\s?(?:©|\(c\)|[12]\d{3}\b|:)).{0,160}",
    r".{0,120}\ball rights reserved\b.{0,60}",
    r"th(?:is|e) (?:material|article|story|content|report) (?:may not|must not|cannot|can not) be (?:published|"
    r"reproduced|copied).*",
    r"\(?this (?:story|article|report|copy)\b.{0,40}\b(?:has not been|was not|has been|is)(?: \w{1,20})? "
    r"(?:edited|auto-?generated|created|generated|updated)\b.*",
    r"\(?(?:with (?:additional )?(?:inputs?|reporting|reports?) (?:from|by)|(?:additional )?inputs? from|"
    r"additional reporting by) .{1,100}",
    r"\(?(?:reporting|writing|editing) by\b.{1,160}",
    r"(?:by )?(?:our )?(?:(?:web|news|city|sports|foreign|online|digital) (?:desk|team)|(?:staff|special|own) "
    r"(?:report(?:er)?|correspondent|writer)|news ?room|monitoring (?:desk|report)|bureau report|agencies|news agency)"
    r"(?:\s?[|/,–-].{0,40})?",
    r"(?:author|reporter|writer|editor|byline|correspondent)s?\s?:.{1,60}",
    r"disclaimer\s?:.*",
    r"(?:(?:terms (?:of use|and conditions|of service)|privacy policy|contact us|about us|about the author|"
    r"cookie policy|sitemap|"
    r"advertise with us|careers)[\s|•·,&]*+)+",
    r"our standards\s?:.*",
)

# A byline keeps its capitals: "By Jane Doe and John Roe", not "By Monday evening the river had crossed its banks".
_WORD = r"(?:[A-Z][\w.'’-]{0,30}|de|der|den|la|du|van|von|bin|bint|ibn|al|ul|el)"
_NAME = rf"{_WORD}(?:\s{_WORD}){{0,4}}"
_BYLINE = re.compile(
    rf"\(?(?:(?:Written|Edited|Reported|Compiled|Posted|Authored|Words|Text|Translated|Produced)\s)?(?:[Bb]y|"
    rf"BY)\s?:?\s{_NAME}"
    rf"(?:(?:,\s(?:and\s)?|\s(?:and|AND|&)\s){_NAME}){{0,4}}(?:\s?[,|/–-]\s?[\w@. ]{{1,40}}|(?i:\s{_WHEN}))?\)?"
)
_TOLD = re.compile(r"\b(?:said|says|saying|told|added|announced|warned)\b", re.IGNORECASE)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_FLASH = re.compile(r"(?:breaking news|live updates|latest (?:news|updates))\s?:", re.IGNORECASE)

_ADVERTISEMENT_LINE = _any(_ADVERTISEMENT)
_LINK_LINE = _any((*_LINKS, *_FORMS, *_SHARE))
_CALL_LINE = _any((*_CALLS, *_IMPRINT))
_FRAME = " \t.…!*#|•·»«›‹>→←-–—_=[]"


def furniture_mark(paragraph: str) -> Mark | None:
    """ADVERTISEMENT or FURNITURE where the whole paragraph is part of the page, None where it may be part of the story.

    A paragraph without any letter or digit is FURNITURE. A call or an imprint never reports speech, a link may
    ("Also read: Minister says ...").
    """
    words = one_line(paragraph[: MOST_CHARACTERS + 1])
    if len(paragraph) > MOST_CHARACTERS or words.count(" ") >= MOST_WORDS:
        return None
    line = words.strip(_FRAME)
    if not any(character.isalnum() for character in line):
        return Mark.FURNITURE
    if _ADVERTISEMENT_LINE.fullmatch(line):
        return Mark.ADVERTISEMENT
    return Mark.FURNITURE if _is_furniture(line, sentence=words.endswith(".")) else None


def _is_furniture(line: str, *, sentence: bool) -> bool:
    if sentence and _FLASH.match(line):  # "Breaking news: Two trains collided near Vale on Monday." is told here
        return False
    if _LINK_LINE.fullmatch(line) or (not sentence and _BYLINE.fullmatch(line)):
        return True
    return bool(_CALL_LINE.fullmatch(line)) and not _TOLD.search(line)
