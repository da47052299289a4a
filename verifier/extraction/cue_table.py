"""The cue verbs and what may follow them, by class.

A row is `verb:gates[:prepositions]`. Gates: c a clause with or without "that"; t a clause with "that" or a wh-word;
q a quotation; o an object; i a to-infinitive; r a person addressed may come before the content; w a question word.
Prepositions belong to the cue ("called for"). Written for this project; GenderGapTracker's list of reporting verbs
(MIT) was read for guidance, and rows were kept or dropped by how often they are cues in PolNeAR's training part.
"""

from __future__ import annotations

from verifier.extraction.words import word_set
from verifier.values import CueClass

SPEECH = """
term:oq say:cq:of,about tell:rcqi:of,about add:cq state:cqo write:cq:about,of note:cqo announce:cqoi explain:cqo
tweet:cqo retweet:qo post:cq:about argue:cq:for,against assert:cqo insist:cq:on warn:rcqi:of,against,about
stress:cqo emphasise:cqo emphasize:cqo reiterate:cqo repeat:tqo remark:cq:on declare:cqo proclaim:cqo reply:cq
respond:cq:with answer:cq recall:cqo remind:rtq:of report:cqo reveal:cqo confirm:cqo disclose:cqo
acknowledge:cqo admit:cqo:to concede:cqo maintain:cq contend:cq claim:cqoi boast:cq:of,about brag:cq:about
joke:cq:about quip:cq muse:cq:about observe:cq comment:cq:on continue:q conclude:cq clarify:cqo elaborate:q:on
describe:oq characterize:oq characterise:oq call:oq:for,on label:oq dub:oq brand:oq portray:o refer:p:to
allude:p:to point:p:to,out mention:to talk:p:about,of speak:p:about,of discuss:ow cite:oq quote:oq outline:o
detail:o highlight:co underscore:co underline:co lament:cqo bemoan:o complain:cq:about,of caution:rcq:against
counter:cq recount:cqo testify:cq:about suggest:cqo imply:cq hint:cq:at indicate:cqo signal:co voice:o
express:o praise:oq hail:oq applaud:o laud:o tout:o welcome:oq congratulate:o thank:o credit:o commend:o
endorse:o cheer:q defend:oq back:o urge:oriq demand:coq recommend:co propose:co request:oi advise:rcqi
inform:rt notify:rt assure:rcq reassure:rcq reaffirm:co affirm:cqo agree:ciq:with,to predict:cqo forecast:cqo
project:c estimate:c speculate:c calculate:c relay:o convey:o chant:q shout:q yell:q exclaim:q cry:q declaim:q
interject:q scream:q whisper:q mutter:q gush:q rave:q opine:cq posit:c tease:q rejoin:q echo:oq read:q
paraphrase:o summarize:o summarise:o profess:cio swear:ci attest:c:to brief:r:on unveil:o promote:o
commit:p:to apologize:cq:for apologise:cq:for vouch:p:for preach:o retort:cq restate:co reconfirm:co
reassert:co tip:o advocate:o:for pitch:o elaborate:q interview:q email:q text:q broadcast:q convince:r
publish:qo assess:cq lecture:q threaten:iqo offer:oi order:oi authorize:oi instruct:ri direct:oi encourage:oi
press:oi:for push:p:for plead:q:with,for implore:oi beg:oi:for appeal:p:to,for invite:oi
"""

DENIAL = """
rule:p:out deny:cqo reject:oq dismiss:oq refute:oq rebut:oq dispute:coq disavow:o repudiate:o contradict:oq
disagree:cq:with,on rebuff:o disclaim:o
"""

ACCUSATION = """
accuse:oq allege:cqo blame:oq criticize:oq criticise:oq denounce:oq condemn:oq slam:oq blast:oq decry:oq
deride:oq mock:oq attack:oq assail:oq rebuke:o chide:oq castigate:oq lambast:oq lambaste:oq ridicule:oq
scold:oq fault:o charge:tq rail:p:against,about lash:p:out decry:o vilify:o disparage:o belittle:o berate:o
liken:o question:ow impugn:o deplore:oq bash:o rip:o
"""

BELIEF = """
believe:cq:in think:cq:of,about feel:c fear:co worry:c:about,that suspect:c doubt:co assume:c expect:oci
consider:oq deem:o hope:ci:for wonder:wq:about know:t realize:c realise:c understand:t regard:o view:o
suppose:c reckon:c imagine:c envision:o anticipate:co prefer:oi favor:o favour:o support:o oppose:o
remember:cow interpret:o regret:co trust:c perceive:o seem:i appear:i judge:o presume:c recognize:co
recognise:co forget:t dislike:o contemplate:o love:o hate:o approve:p:of
"""

INTENTION = """
decline:iq refuse:iq want:oi plan:i:for intend:i vow:ciq pledge:ciqo promise:ciqo seek:oi aim:i:for
wish:ic:for determine:ti decide:tci resolve:it propose:i undertake:i opt:i volunteer:i offer:i
"""

EVIDENCE = """
show:cqo find:cqo suggest:cq demonstrate:c prove:c illustrate:cw reflect:t learn:t discover:c conclude:c
determine:c reveal:cq indicate:c hear:t notice:t document:o
"""

QUESTION = """
ask:rwqio:about,for inquire:wq:about enquire:wq:about query:wq press:w wonder:wq
"""

CLASSES = {
    CueClass.EVIDENCE: EVIDENCE,
    CueClass.INTENTION: INTENTION,
    CueClass.BELIEF: BELIEF,
    CueClass.SPEECH: SPEECH,
    CueClass.ACCUSATION: ACCUSATION,
    CueClass.DENIAL: DENIAL,
    CueClass.QUESTION: QUESTION,
}

# base:past:participle
IRREGULAR = """
say:said:said tell:told:told write:wrote:written think:thought:thought feel:felt:felt know:knew:known
find:found:found show:showed:shown read:read:read speak:spoke:spoken seek:sought:sought swear:swore:sworn
understand:understood:understood forecast:forecast:forecast hear:heard:heard forget:forgot:forgotten
broadcast:broadcast:broadcast undertake:undertook:undertaken learn:learned:learned prove:proved:proven
"""

DOUBLING = word_set("admit rip slam plan brag quip dub commit rebut beg prefer refer chat tip chat regret bet")

# what does not name itself a verb in print: skipped where it stands alone as a noun
MOSTLY_NOUNS = word_set(
    "claims reports plans calls views questions charges comments notes projects attacks demands requests estimates"
    " plans hopes fears doubts promises backs posts texts lectures orders directs offers details documents supports"
    " states answers pledges vows wishes aims forecasts tweets statements cheers remarks signals credits records"
    " faults briefs tips labels hints brands invites appeals worries rails questions threats presses pushes loves"
    " likes hates interviews emails"
)

# nouns that carry a statement: "X's claim that …", "the allegation that …"
NOUNS = {
    CueClass.SPEECH: "claim claims statement assertion assertions suggestion warning warnings announcement admission"
    " insistence contention argument conclusion assurance assurances proposal call calls",
    CueClass.ACCUSATION: "allegation allegations accusation accusations complaint complaints criticism",
    CueClass.BELIEF: "belief hope hopes fear fears view opinion notion support opposition",
    CueClass.INTENTION: "promise pledge vow desire plan plans threat decision",
    CueClass.EVIDENCE: "finding",
    CueClass.DENIAL: "denial",
}

# forms of a light verb: the nouns it carries ("expressed interest in", "made clear that", "issued a statement saying")
LIGHT = {
    "expressed expresses expressing express": "interest concern concerns hope satisfaction regret doubt doubts"
    " confidence support desire opposition willingness gratitude outrage frustration disappointment optimism",
    "made makes making make": "clear plain known case",
    "raised raises raising raise": "questions concerns doubts concern",
    "took takes taking": "aim",
    "cast casts casting": "doubt",
    "voiced voices voicing": "concern concerns support opposition doubts",
    "sent sends sending": "message",
    "issued issues issuing": "statement warning",
    "released releases releasing": "statement",
    "gave gives giving": "assurance assurances",
    "posed poses posing": "question questions",
    "drew draws drawing": "attention",
    "threw throws throwing": "support",
    "laid lays laying": "blame",
    "reached reaches": "conclusion",
}

# "is interested in": the word and what must follow it
BE = {
    CueClass.SPEECH: "clear:that adamant:that rumored:to",
    CueClass.ACCUSATION: "accused:of",
    CueClass.INTENTION: "committed:to determined:to willing:to eager:to ready:to",
    CueClass.BELIEF: "interested:in confident:that,of convinced:that,of concerned:that,about worried:that,about"
    " optimistic:that,about hopeful:that aware:that,of unaware:that,of sure:that certain:that afraid:that,of"
    " expected:to mindful:that,of glad:that,to pleased:that,to,with proud:that,of,to skeptical:that,of,about"
    " believed:to supposed:to known:as opposed:to unlikely:to",
}

# verbs that put another verb's action in a phase: "continues to deny", "went on to say", "declined to comment"
PHASES = word_set(
    "continue continues continued continuing go goes went going begin began begins start started starts try tried"
    " tries trying seek sought seeks seeking decline declined declines refuse refused refuses choose chose appear"
    " appeared appears seem seemed seems want wants wanted like likes happen happened manage managed failed fails"
    " used rush rushed hasten hastened"
)
