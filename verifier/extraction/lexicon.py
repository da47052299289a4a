"""Closed word classes and common finite verb forms: enough grammar to find where a noun phrase ends.

The list of finite forms was counted in the automatic parses of PolNeAR's training part: forms that are finite verbs in
most of their uses.
"""

from __future__ import annotations

from functools import cache

from verifier.extraction.words import word_set

DETERMINERS = word_set(
    "the a an this that these those his her its their our my your some any no every each all both several many"
    " most few another one two three four five six seven eight nine ten other such more"
)
POSSESSIVES = word_set("his her its their our my your whose")
SUBJECT_PRONOUNS = word_set("i he she it we they you who")
OBJECT_PRONOUNS = word_set(
    "me him her it us them you himself herself itself themselves ourselves myself everyone everybody someone"
    " anyone nobody"
)
PREPOSITIONS = word_set(
    "of in on at by for with from into onto over under between among against about during through within without"
    " toward towards upon across behind beyond near outside inside amid amidst amongst along around above below"
    " despite via per like as to unlike regarding concerning including following until since after before"
    " throughout alongside off up down out"
)
COORDINATORS = word_set("and or but nor yet")
SUBORDINATORS = word_set(
    "that because while if when although though whether unless whereas where why how once lest so than as"
)
WH_WORDS = word_set("who which what whom whose whoever whatever")
AUXILIARIES = word_set(
    "is are was were be been being am has have had having do does did will would can could may might shall should"
    " must isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't cannot"
    " couldn't shouldn't mustn't ain't"
)
BE_FORMS = word_set("is are was were be been being am isn't aren't wasn't weren't")
NEGATIONS = word_set("not n't never")
ADVERBS = word_set(
    "also again further later earlier then still now once never always often soon just already even only too not"
    " however therefore meanwhile instead thus rather ever since today yesterday tomorrow tonight perhaps indeed"
    " moreover nevertheless nonetheless besides further furthermore additionally afterwards afterward previously"
    " repeatedly reportedly recently long far almost nearly both first subsequently simply there here back well"
)
LY_NOUNS = word_set(
    "family reply supply ally rally bully anomaly assembly monopoly july italy daily weekly early friendly likely only"
)
TIME_WORDS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december today yesterday tomorrow tonight morning afternoon evening night week"
    " month year day hours days weeks months years weekend jan feb mar apr jun jul aug sept sep oct nov dec"
)
DAYS = word_set("monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow tonight")

_FINITE = """
accepts accessed accounted accuses acknowledged acknowledges acquiesced acted added addressed adds admire admits
admitted advises affects agree agreed agrees aims aired alleges allows amounted announced announces apologized
appeared appears applaud applauded applied appreciates approached argue argued argues arose arrived arrives asks
assailed assails assaulted asserted assumed assumes ate attended avoided await backed backs balked battled
beamed bears beats became becomes began begged begins belies believe believed believes belittled belongs
bemoaned benefited bested blamed blames blared blasted boasted boasts booed boosts bought bows bragged brings
bristled broke brought brushed builds burned buys came campaigned capitalized captures cared cares carried
carries caucused caused cautioned celebrated chaired chanted checked cheered chided chimed chooses chose cite
cited cites claimed clarified clashed climbed clinched closes coined collaborated collapsed comes commanded
commented compares competed complained comprise conceded conclude concluded concludes conducts confronts
congratulated connects considers consists constitutes consume contained contains contended contends continued
continues contradicted contrasted contrasts contributed convened converted coordinates corresponded countered
covers cracked crashed creates credited cried crisscrossed criticizes crosses damaged decided decides declared
declares declined decried deemed defeats defended defends defies delivers demanded demonstrates demurred denies
denounced depended depends descend described describes deserve deserved deserves destroyed devolved dictate died
dies differ differed differs dipped disagree disagrees disappeared disbanded discarded discussed dismissed
dismisses dispatched displayed distanced divides dotted doubled doubles doubted downplayed draws drew drives
dropped drops drove drowned dug earns echoed edged elaborated emailed embarked embraces emphasized emphasizes
employs encompasses encountered encourages ended endorses ends enhanced enjoy enjoyed enjoys entails entered
enters envision envisioned erupted escalated escaped examined exceeds existed exists exited expands expects
expired expires explained explains exposes expressed extends faces fails falls faltered fanned fared favors
feared featured feeds feel feels fell felt finds finished fires fits fled flew flipped flips flocked flowed
focuses folded followed follows foresee found framed garnered gathers gave gets gives goes got grabbed grew
grows guess hailed happened happens hates headlined hears helped helps hid highlighted highlights hinted hired
hits holds hoped huddled hugged hung identifies ignores illustrate illustrated illustrates imagined immigrated
implied imposed incites include included includes indicate indicated indicates injects insist insisted insists
insulted intend intends interjected interrupted intervened introduces invoked involves issued jeered joined
joins joked jumped keeps kept kicked kills knew knocked knows lacked lacks lags lamented laments landed lashed
lasted lauded laughed launched lays leads leaned leans learned leaves lectures led legalized leveled lied liked
likes lined listened lived lobbied looked looks loom loomed looms loses lost loved loves lurch maintains makes
managed marched meandered means meant meets mentions met mirrored mirrors mishandled misjudged missed misses
misstated mocked monitors moved mused navigated nears needs netted noted noticed observed occurred occurs
offered offers opened opens operates opined oppose opposes opted ordered originated ought outlined overlap
oversaw oversees owed owes owns painted participated passed passes paused paved pays peaked performed persist
picked piled pivots played plays pleaded pointed portrayed poses posted poured praised praises precedes
predicted prefer prefers prepares presents presided pressured prevailed prevails prevented proceeded proclaimed
produces prohibits promised promotes prompted pronounced propelled proposes protects protested proved proves
provides provoked pulled pulls punched punctuated pursues pushes puts questioned quoted raced railed raises
rallied ran ranged ranked ratcheted reaches reacted reacts reads reaffirmed realized realizes reassured rebuffed
rebuked recalled received receives recites recognizes recounted referenced referred refers reflected reflects
refused refuses regards regretted reinforces reiterated rejected rejects relayed relies remained remains
remarked remembered remembers reminded reminds reopened replied reported represented represents requested
requires rescued resigned resisted resonated responded responds rests resulted retains returned retweeted
revealed reveals ripped rises roared rolled rose ruled runs rushed said sat saw says scares scored scrambled
screwed scrutinize searched seeks seemed seems sees seized sells sends sent served serves sets sewed sharpens
shattered shook shouted showed shows shrinks shrugged sided signed sits slammed slams slipped smiled snagged
soared sought sounded sounds sparred speaks specializes speculated spends spoke spotted spreads stands stare
started starts stated stayed stays stepped stirred stoked stood stopped stops stored stressed stretched strode
struck stumbled stumped succeeded succeeds sucks suggest suggested suggests supported supports surfaced surged
survived swarmed swept switched takes talked taught teaches teamed tells tend tended tends testified thanked
think thinks thought threatens threw thwarted told took topped torture tossed touched touted touts traced tracks
trailed trails traveled travels tried tries triggered turned turns tweeted uncovered undermines underscores
understands unfolded unites unleashed unveiled urged urges uses ushered vary veered vetoed violated violates
visited voiced volunteered voted vowed vows waited waits walked walks want wanted wants warned watched watches
waved wears weighed welcomed welcomes went whistle wins withdrew withheld witnessed won wondered wore worked
works worshiped writes wrote yanked yelled yielded
"""


@cache
def finite_verbs() -> frozenset[str]:
    """Word forms that are finite verbs in most of their uses."""
    return word_set(_FINITE)
