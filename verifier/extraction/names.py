"""Words that make a name a person's, a body's or a role, and the parse of a source phrase into those parts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from verifier.extraction import lexicon as lx
from verifier.extraction.words import word_set

TITLES = word_set(
    "mr mrs ms miss dr prof professor sir lord lady dame baroness king queen prince princess pope rev reverend"
    " father sheikh imam ayatollah gen general lt lieutenant col colonel maj major capt captain sgt sergeant adm"
    " admiral cmdr commander marshal brigadier sen senator rep representative gov governor pres president pm"
    " premier chancellor justice judge ambassador congressman congresswoman mayor minister secretary vice-"
    " president cardinal archbishop bishop rabbi detective inspector officer chief mufti maulana mullah hon ex-"
    " president"
)
ROLE_NOUNS = word_set(
    "spokesman spokeswoman spokesperson spokespeople secretary minister president premier chancellor chief"
    " adviser advisor head director manager chairman chairwoman chair leader commander ambassador envoy diplomat"
    " analyst expert professor researcher official economist strategist pollster lawyer attorney senator"
    " congressman congresswoman governor mayor candidate nominee lawmaker politician journalist reporter"
    " correspondent columnist editor author writer scientist doctor economist teacher officer general judge"
    " justice prosecutor sheriff commissioner founder owner ceo executive coordinator deputy aide member activist"
    " organizer organiser survivor resident voter witness student farmer driver shopkeeper mother father brother"
    " sister wife husband son daughter widow host anchor moderator whip speaker treasurer counsel consultant"
    " historian critic actor actress singer coach captain colonel admiral king queen prince princess pope bishop"
    " monk imam negotiator representative developer businessman businesswoman mogul billionaire tycoon operative"
    " supporter donor delegate veteran nurse engineer nsa man woman boy girl neighbour neighbor relative friend"
    " colleague cousin uncle aunt boss fellow dean rapporteur presenter"
)
SYNONYMS = {
    "spokeswoman": "spokesman",
    "spokesperson": "spokesman",
    "premier": "prime minister",
    "pm": "prime minister",
    "advisor": "adviser",
    "nsa": "national security adviser",
    "general": "chief",
    "chairwoman": "chairman",
    "chair": "chairman",
    "congresswoman": "congressman",
    "businesswoman": "businessman",
    "envoy": "ambassador",
}
BODY_WORDS = word_set(
    "ministry department office agency party government administration university institute college school"
    " committee council commission court congress senate house parliament assembly police army military forces"
    " force navy bank company corporation group association union federation foundation center centre organization"
    " organisation campaign team press news times post journal network service bureau authority board embassy"
    " church league club society alliance coalition fund network radio television tv magazine newspaper report"
    " study poll survey memo letter email statement lawsuit complaint website book document documents emails"
    " records article editorial op-ed tweet release filing bill law order plan proposal media outlet state states"
    " kingdom republic union nations taliban hamas hezbollah pentagon kremlin guard guards brigade front movement"
    " inc ltd llc corp co airlines motors hospital clinic trust unit command side sides house"
)
SURNAMES_TOO = word_set("white house law post bill church book order king group bush")
BODIES = word_set(
    "pentagon kremlin taliban hamas hezbollah congress nato un eu us uk usa fbi cia nsa nasa pti afp ap reuters"
    " bbc cnn msnbc nbc abc cbs politico breitbart isis isil ttp isi ispr opec imf who unicef unhcr fifa uefa"
    " facebook twitter google apple microsoft amazon tesla boeing airbus toyota democrats republicans gop dnc rnc"
    " labour tories conservatives"
)
PLACES = word_set(
    "afghanistan pakistan india china russia iran iraq israel ukraine turkey syria egypt france germany britain"
    " england scotland wales ireland japan korea america mexico canada brazil argentina australia spain italy"
    " poland greece sweden norway finland denmark netherlands belgium austria hungary romania serbia saudi qatar"
    " yemen lebanon jordan libya sudan ethiopia nigeria kenya somalia palestine gaza washington islamabad kabul"
    " delhi beijing moscow tehran baghdad jerusalem kyiv kiev ankara damascus cairo paris berlin london tokyo"
    " seoul pyongyang ottawa brussels rome madrid warsaw athens riyadh doha beirut lahore karachi taiwan"
    " bangladesh nepal myanmar thailand vietnam indonesia malaysia philippines singapore colombia venezuela cuba"
    " chile peru florida texas california ohio iowa york hampshire carolina michigan nevada arizona georgia"
    " pennsylvania virginia boston chicago manhattan brooklyn europe africa asia geneva vienna"
)
GROUP_WORDS = word_set(
    "half most percent officials sides both people voters experts analysts critics supporters residents lawmakers"
    " sources leaders reporters aides advisers advisors democrats republicans scientists researchers observers"
    " witnesses members authorities investigators diplomats politicians activists protesters economists doctors"
    " historians polls polling studies reports many some others americans parties groups families parents students"
    " workers teachers neighbours neighbors relatives villagers police media governments countries nations"
    " senators conservatives liberals delegates pundits commentators allies opponents rivals prosecutors lawyers"
    " attorneys spokesmen spokespeople friends colleagues campaigns candidates firefighters fans"
)
MALE_WORDS = word_set(
    "mr sir lord king prince father spokesman chairman congressman businessman husband son brother uncle man boy"
    " pope imam mullah mufti maulana sheikh monk bishop archbishop cardinal rabbi gentleman himself"
)
FEMALE_WORDS = word_set(
    "mrs ms miss lady dame baroness queen princess mother spokeswoman chairwoman congresswoman businesswoman wife"
    " daughter sister aunt woman girl actress widow duchess herself"
)
MALE_NAMES = word_set(
    "james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony"
    " mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan"
    " jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander"
    " patrick frank raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah"
    " ethan jeremy walter christian keith roger terry harry sean jesse carl arthur lawrence dylan bryan joe jordan"
    " billy bruce albert willie gabriel alan juan logan wayne ralph roy eugene randy vincent russell louis philip"
    " bobby johnny bradley vince lloyd antony tony bill bob jim mike tom dan steve chris ted marco bernie jeb ben"
    " rand barack mitt newt tim reince corey mohammed muhammad mohammad ahmed ali hassan hussein omar imran"
    " shehbaz nawaz ishaq moeed qamar sardar vladimir sergei dmitry boris emmanuel olaf xi narendra joko recep"
    " benjamin ivan pedro carlos luis miguel jorge karl hans pierre jean vedant ned zed syrus ashraf abdullah"
    " hamid khalid saad graham nigel jeff jake josh max leo luke oliver simon neil ian alex fred martin victor"
    " oscar rex sam zed"
)
FEMALE_NAMES = word_set(
    "mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty margaret sandra"
    " ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura"
    " cynthia kathleen amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra"
    " rachel carolyn janet catherine maria heather diane ruth julie olivia joyce virginia victoria kelly lauren"
    " christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison"
    " frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle"
    " beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori hillary ivanka melania"
    " chelsea carly nikki condoleezza angela ursula theresa jacinda hina maryam benazir fatima aisha malala jen"
    " jill kamala priti liz nicola sanna giorgia claire ellen fiona katrina kellyanne heidi huma lena nadia leila"
    " mei ingrid elena olga irina sofia lucy kate jane eva rosa carmen ana priya"
)
PARTICLES = word_set("de da di del della van von der den bin ibn al el la le du dos ul ur")
DEPARTMENTS = word_set(
    "state defence defense commerce treasury labor labour energy education interior transportation agriculture"
    " homeland security foreign affairs health human services veterans war finance justice staff"
)
NOT_NAMES = word_set(
    "i monday tuesday wednesday thursday friday saturday sunday january february march april june july august"
    " september october november december but and or the a an in on at for with from by as if when while he she it"
    " they we you his her its their our this that these those there here what who which how why not no yes so then"
    " also according after before during mr mrs ms former acting deputy senior new meanwhile earlier later however"
    " asked both all some many most other others another one two"
) | (
    (lx.PREPOSITIONS | lx.SUBORDINATORS | lx.AUXILIARIES | lx.ADVERBS | lx.WH_WORDS)
    - PARTICLES
    - {"will", "may", "long", "near", "so", "can"}
)
HEADLINE_VERBS = word_set(
    "says tells told calls called claims wants makes gets slams blasts vows urges warns asks accuses endorses endorsed"
)
"""Verbs that stand between two names in a headline, where every word is capitalised."""
LESSER = word_set("former ex vice deputy shadow assistant")
_PREFIX = re.compile(r"^(?:al|el|an|as|ash|ad|at|ar)[-’'](?=[A-Z])")
_WORD = re.compile(r"[^\W\d_](?:\.|[\w'’.-]*[\w])?|\S")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A source phrase taken apart: a person's plain name, the role and title words, whether it is plural."""

    text: str
    name: str | None
    roles: tuple[str, ...]
    titles: tuple[str, ...]
    acronyms: tuple[str, ...] = ()


def words_of(text: str) -> list[str]:
    """The words and marks of a short text, without its line breaks."""
    return [word for word in _WORD.findall(text) if any(map(str.isalnum, word)) or word in ("'s", "’s")]


def is_capitalised(word: str) -> bool:
    """Whether a word could be part of a name."""
    return _PREFIX.sub("", word)[:1].isupper()


def gender_of(name: str, other: tuple[str, ...] = ()) -> str | None:
    """ "m", "f" or None, from titles and role words first, then from the first name."""
    words = {word.strip(".").lower() for text in other for word in text.split()}
    if words & FEMALE_WORDS:
        return "f"
    if words & MALE_WORDS:
        return "m"
    first = name.split()[0].lower() if name.split() else ""
    if first in MALE_NAMES:
        return "m"
    return "f" if first in FEMALE_NAMES else None


def parse(text: str) -> Phrase:
    """Take a source phrase apart; its comma-separated parts may each hold the name or the role."""
    flat = " ".join(text.split()).strip(" ,;:.—–-")
    best: str | None = None
    roles: list[str] = []
    titles: list[str] = []
    acronyms = tuple(re.findall(r"\(([A-Z]{2,6})\)", flat))
    bare = re.sub(r"\([^)]{0,40}\)", " ", flat)
    for part in bare.split(","):
        name, part_roles, part_titles = _segment(words_of(part))
        best = best or name
        roles += part_roles
        titles += part_titles
    return Phrase(flat, best, tuple(dict.fromkeys(roles)), tuple(dict.fromkeys(titles)), acronyms)


def _segment(words: list[str]) -> tuple[str | None, list[str], list[str]]:
    """(person's name or None, role words, titles) of one part of a phrase."""
    lows = [word.strip(".").lower() for word in words]
    anchors = [i for i, low in enumerate(lows) if low in ROLE_NOUNS or low in TITLES]
    roles = _roles(lows, anchors)
    titles = [lows[i] for i in anchors if lows[i] in TITLES and is_capitalised(words[i])]
    if anchors:
        other = _of_another(words, lows, anchors)
        if other is not None:
            return None, _roles(lows, [i for i in anchors if i < other]), []
        tail = _tail(words, lows, anchors[-1] + 1)
        if tail and _personal(tail, titled=True):
            return " ".join(tail), roles, titles
        if known := _described(words, lows):
            return " ".join(known), roles, titles
        head = words[: anchors[0]]
        if len(anchors) == 1 and head and all(map(is_capitalised, head)) and len(head) == len(words):
            return " ".join(head), roles, titles
        return None, roles, titles
    run = _name_run(words)
    run = run if run and _personal(run, titled=False) else _described(words, lows)
    return " ".join(run) or None, roles, titles


def _roles(lows: list[str], anchors: list[int]) -> list[str]:
    """Role words with the words that qualify them: "press secretary", "prime minister", "army chief"."""
    roles: list[str] = []
    for i in anchors:
        if lows[i] in ROLE_NOUNS or lows[i] in SYNONYMS:
            role = SYNONYMS.get(lows[i], lows[i])
            lesser = next((at for at in (i - 1, i - 2) if at >= 0 and lows[at] in LESSER), None)
            if lesser is not None:
                roles.append(" ".join([*lows[lesser:i], role]))
                continue
            before = lows[i - 1] if i and lows[i - 1].isalpha() and lows[i - 1] not in NOT_NAMES else ""
            roles.append(role)
            if before and lows[i - 1] not in ROLE_NOUNS:
                roles.append(f"{before} {role}")
    return roles


_BELONGING = word_set("of from at")
_GOVERNING = word_set("of for to against by with about from")
_NO_DESCRIPTION = _GOVERNING | word_set("or but that than as on in at around near like who which whose told said 's ’s")
_BEFORE_TITLES = word_set("the us prime vice deputy former then acting chief first")


def _of_another(words: list[str], lows: list[str], anchors: list[int]) -> int | None:
    """Where a preposition makes the name behind the last title another's: "critics of President Feld", "a spokesman for Mr Feld"."""
    last = anchors[-1]
    for at in range(last - 1, -1, -1):
        if lows[at] in _GOVERNING:
            titled = lows[last] in TITLES and is_capitalised(words[last])
            direct = titled and all(low in _BEFORE_TITLES or low in TITLES for low in lows[at + 1 : last])
            served = any(i < at and not is_capitalised(words[i]) for i in anchors)
            return at if direct or (titled and served) else None
    return None


def _tail(words: list[str], lows: list[str], start: int) -> list[str]:
    """The words behind the last title, without "of State" and the like."""
    at = start
    if at < len(lows) and lows[at] in ("of", "for"):
        at += 1
        office = at
        while at < len(lows) and (lows[at] in DEPARTMENTS | PLACES or lows[at] in ("the", "and", "us", "of")):
            at += 1
        if not any(low in DEPARTMENTS or low in PLACES for low in lows[office:at]):
            return []  # "a lawyer for Nora Feld" is another
    place = next((i for i in range(at + 1, len(lows)) if lows[i] in _BELONGING), len(words))
    run = words[at:place]  # "Professor Nora Feld of the Orsk Institute"
    return _name_run(run) if run and is_capitalised(run[0]) else []


def _described(words: list[str], lows: list[str]) -> list[str]:
    """A name with a known first name behind words that say what its bearer is: "retired surgeon Ann Orr"."""
    at = len(words)
    while at and is_capitalised(words[at - 1]):
        at -= 1
    if not 0 < at < len(words) - 1 or not (lows[at] in MALE_NAMES or lows[at] in FEMALE_NAMES):
        return []
    if set(lows[:at]) & _NO_DESCRIPTION:
        return []
    others = any(is_capitalised(word) and not word.isupper() for word in words[:at])
    if lows[at - 1] == "and" or ("and" in lows[:at] and others):
        return []  # "officials and Ann Orr", "Bo Lind and former rival Ann Orr" are two
    run = _name_run(words[at:])
    return run if run and _personal(run, titled=False) else []


def _name_run(words: list[str]) -> list[str]:
    """The words if they are one capitalised run (with particles between), else nothing."""
    run = list(words)
    while run and run[-1] in ("'s", "’s", "'", "’"):
        run.pop()
    if run:
        run[-1] = re.sub(r"['’]s?$", "", run[-1])
    while run and run[0].strip(".").lower() in NOT_NAMES:
        run.pop(0)
    if not run or len(run) > 6 or any(word.lower() in HEADLINE_VERBS for word in run[1:]):
        return []
    good = all(is_capitalised(word) or word.lower() in PARTICLES for word in run)
    first = is_capitalised(run[0]) or (len(run) > 1 and run[0].lower() in PARTICLES)
    return run if good and is_capitalised(run[-1]) and first else []


def _personal(run: list[str], *, titled: bool) -> bool:
    """Whether a capitalised run can be a person's name: no word of it makes it a body or a place."""
    lows = [word.strip(".").lower() for word in run]
    first_name = len(lows) > 1 and lows[0] in MALE_NAMES | FEMALE_NAMES
    if first_name and (lows[-1] not in BODY_WORDS or lows[-1] in SURNAMES_TOO):
        return True
    if any(low in BODY_WORDS or low in BODIES or low in PLACES for low in lows):
        return False
    if len(run) > 1:
        return True
    return lows[0] not in GROUP_WORDS and (titled or not (run[0].isupper() and len(run[0].strip(".")) > 1))
