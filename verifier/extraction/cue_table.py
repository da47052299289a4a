"""The cue verbs and what may follow them, by class. Written for this project; GenderGapTracker's list was read for guidance.

A row is `verb:gates[:prepositions]`. Gates: c a clause with or without "that"; t a clause with "that" or a wh-word; q a quotation;
o an object; i a to-infinitive; r a person addressed may come before the content. Prepositions belong to the cue ("called for").
"""

from __future__ import annotations

from verifier.extraction.words import word_set
from verifier.values import CueClass

SPEECH = """
say:cq:of,about tell:rcqi:of,about add:cq state:cqo write:cq:about,of note:cqo announce:cqoi explain:cqo tweet:cqo retweet:qo
post:cq:about argue:cq:for,against assert:cqo insist:cq:on warn:rcqi:of,against,about stress:cqo emphasise:cqo emphasize:cqo
reiterate:cqo repeat:tqo remark:cq:on declare:cqo proclaim:cqo reply:cq respond:cq:with answer:cq explain:cqo recall:cqo
remind:rtq:of report:cqo reveal:cqo confirm:cqo disclose:cqo acknowledge:cqo admit:cqo:to concede:cqo maintain:cq contend:cq
claim:cqoi boast:cq:of,about brag:cq:about joke:cq:about quip:cq muse:cq:about observe:cq comment:cq:on continue:q conclude:cq
clarify:cqo elaborate:q:on describe:oq characterize:oq characterise:oq call:oq:for,on label:oq dub:oq brand:oq portray:o
refer:p:to allude:p:to point:p:to,out mention:to talk:p:about,of speak:p:about,of discuss:ow cite:oq quote:oq outline:o detail:o
highlight:co underscore:co underline:co lament:cqo bemoan:o complain:cq:about,of caution:rcq:against counter:cq recount:cqo
testify:cq:about suggest:cqo imply:cq hint:cq:at indicate:cqo signal:co voice:o express:o praise:oq hail:oq applaud:o laud:o
tout:o welcome:oq congratulate:o thank:o credit:o commend:o endorse:o cheer:q defend:oq back:o urge:oriq demand:coq
recommend:co propose:co request:oi call-on:o advise:rcqi inform:rt notify:rt assure:rcq reassure:rcq reaffirm:co affirm:cqo
agree:ciq:with,to predict:cqo forecast:cqo project:c estimate:c speculate:c calculate:c relay:o convey:o chant:q shout:q yell:q exclaim:q
cry:q declaim:q interject:q scream:q whisper:q mutter:q gush:q rave:q opine:cq posit:c tease:q rejoin:q echo:oq
read:q paraphrase:o summarize:o summarise:o profess:cio swear:ci attest:c:to brief:r:on unveil:o promote:o commit:p:to
apologize:cq:for apologise:cq:for vouch:p:for preach:o retort:cq restate:co reconfirm:co reassert:co tip:o
advocate:o:for explain-away:o pitch:o
elaborate:q interview:q email:q text:q broadcast:q convince:r publish:qo label:oq assess:cq lecture:q
threaten:iqo offer:oi order:oi authorize:oi instruct:ri direct:oi encourage:oi press:oi:for push:p:for
plead:q:with,for implore:oi beg:oi:for appeal:p:to,for invite:oi
"""

DENIAL = """
deny:cqo reject:oq dismiss:oq refute:oq rebut:oq dispute:coq disavow:o repudiate:o contradict:oq disagree:cq:with,on
rebuff:o rule-out:o decline:iq refuse:iq disclaim:o
"""

ACCUSATION = """
accuse:oq allege:cqo blame:oq criticize:oq criticise:oq denounce:oq condemn:oq slam:oq blast:oq decry:oq deride:oq mock:oq
attack:oq assail:oq rebuke:o chide:oq castigate:oq lambast:oq lambaste:oq ridicule:oq scold:oq fault:o charge:tq rail:p:against,about
lash:p:out decry:o vilify:o disparage:o belittle:o berate:o liken:o question:ow impugn:o deplore:oq bash:o rip:o
"""

BELIEF = """
believe:cq:in think:cq:of,about feel:c fear:co worry:c:about,that suspect:c doubt:co assume:c expect:oci consider:oq deem:o
hope:ci:for wonder:wq:about know:t realize:c realise:c understand:t regard:o view:o see-as:o suppose:c reckon:c imagine:c
envision:o anticipate:co prefer:oi favor:o favour:o support:o oppose:o like-to:i remember:cow interpret:o regret:co trust:c
perceive:o seem:i appear:i judge:o presume:c recognize:co recognise:co forget:t dislike:o contemplate:o love:o hate:o
approve:p:of
"""

INTENTION = """
want:oi plan:i:for intend:i vow:ciq pledge:ciqo promise:ciqo seek:oi aim:i:for wish:ic:for determine:ti decide:tci resolve:it
propose:i undertake:i opt:i volunteer:i offer:i
"""

EVIDENCE = """
show:cqo find:cqo suggest:cq demonstrate:c prove:c illustrate:cw reflect:t learn:t discover:c conclude:c determine:c reveal:cq
indicate:c hear:t notice:t document:o
"""

QUESTION = """
ask:rwqio:about,for inquire:wq:about enquire:wq:about query:wq press:w wonder:wq
"""

CLASSES = (
    (CueClass.EVIDENCE, EVIDENCE), (CueClass.INTENTION, INTENTION), (CueClass.BELIEF, BELIEF), (CueClass.SPEECH, SPEECH),
    (CueClass.ACCUSATION, ACCUSATION), (CueClass.DENIAL, DENIAL), (CueClass.QUESTION, QUESTION),
)  # fmt: skip

IRREGULAR = {
    "say": ("said", "said"), "tell": ("told", "told"), "write": ("wrote", "written"), "think": ("thought", "thought"),
    "feel": ("felt", "felt"), "know": ("knew", "known"), "see": ("saw", "seen"), "find": ("found", "found"),
    "show": ("showed", "shown"), "read": ("read", "read"), "speak": ("spoke", "spoken"), "seek": ("sought", "sought"),
    "swear": ("swore", "sworn"), "understand": ("understood", "understood"), "forecast": ("forecast", "forecast"),
    "hear": ("heard", "heard"), "forget": ("forgot", "forgotten"), "broadcast": ("broadcast", "broadcast"),
    "undertake": ("undertook", "undertaken"), "learn": ("learned", "learned"), "prove": ("proved", "proven"),
    "overhear": ("overheard", "overheard"), "hold": ("held", "held"), "beg": ("begged", "begged"),
}  # fmt: skip

DOUBLING = word_set("admit rip slam plan brag quip dub commit rebut beg prefer refer chat tip chat regret bet")

# what does not name itself a verb in print: skipped where it stands alone as a noun
MOSTLY_NOUNS = word_set(
    "claims reports plans calls views questions charges comments notes projects attacks demands requests estimates"
    " plans hopes fears doubts promises backs posts texts lectures orders directs offers details documents supports"
    " states answers pledges vows wishes aims forecasts tweets statements cheers remarks signals credits records"
    " faults briefs tips labels hints brands invites appeals worries rails questions threats presses pushes loves"
    " likes hates interviews emails"
)
