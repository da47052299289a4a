"""Which words of two statements the NLI model is shown: the proposition of a denial, and the sentences that meet.

A cross-encoder loses a contradiction in a quotation of six sentences, and reads "It is not true that X" beside X as
agreement more often than not (seen with ours). So a denial is scored by what it denies, and turned round afterwards, and of
long claims the two sentences with most in common are compared.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from verifier.terms import Terms, shared_entities, terms_of
from verifier.values import CueClass, Statement
from verifier.verdicts import BothWays, NliProbabilities

DENIED: Final = re.compile(r"^(?:It is not true that |[^.]{1,80}? denies (?:that |it: )?)")
BREAK: Final = re.compile(r"(?<=[.!?])[”’\"']*\s+(?=[A-Z“‘\"'])")
SHORTEST: Final = 3
SPOKEN: Final = re.compile(r"\w+")
PRONOUNS: Final = frozenset("he she it they i we him her them his their who which".split())


def compared(a: Statement, b: Statement) -> tuple[str, str]:
    """The words of both that are compared."""
    first, second = sentences(proposition(a)), sentences(proposition(b))
    if len(first) == len(second) == 1:
        return first[0], second[0]
    overlap, i, j = max((_overlap(x, y), -i, -j) for i, x in enumerate(first) for j, y in enumerate(second))
    return (first[-i], second[-j]) if overlap >= 1.0 else (proposition(a), proposition(b))


def reported(source: str | None, cue: str | None, content: str) -> str:
    """A statement as the verdict model is shown it: "source cue: content", with what is known of the three."""
    lead = " ".join(word for word in (source, cue) if word)
    return f"{lead}: {content}" if lead else content


def shown(statement: Statement, text: str | None = None) -> str:
    """A statement as the verdict model is shown it, or with another text.

    A source that is a pronoun is replaced by whom it means, where that is known.
    """
    source = statement.source.text if statement.source else None
    if statement.speaker and source and source.lower() in PRONOUNS:
        source = statement.speaker.name
    return reported(
        source, statement.cue.text if statement.cue else None, asserted(statement) if text is None else text
    )


def asserted(statement: Statement) -> str:
    """The words that stand behind source and cue there: the content, or the claim where it says more (who "he" is, what was asked).

    Not of a denial, whose claim is turned round, nor where the claim repeats the cue.
    """
    claim, text = spoken(statement.claim), spoken(statement.text)
    cue = statement.cue.text.lower() if statement.cue else None
    if statement.cue_class is CueClass.DENIAL or (cue and cue in statement.claim.lower()):
        return statement.text
    return statement.text if claim in (text, text[1:]) else statement.claim


def spoken(text: str) -> list[str]:
    """The words of a text in lower case, without marks."""
    return SPOKEN.findall(text.lower().replace("’", "'"))


def proposition(statement: Statement) -> str:
    """The claim; of a denial, what is denied."""
    if statement.cue_class is not CueClass.DENIAL:
        return statement.claim
    bare, found = DENIED.subn("", statement.claim, count=1)
    if not found:  # "Ann Orr rejected the plan": the thing itself
        bare = statement.text
    return bare[:1].upper() + bare[1:] if bare.strip() else statement.claim


def sentences(text: str) -> list[str]:
    """Sentences of a claim; very short ones stay with what follows."""
    found: list[str] = []
    for part in BREAK.split(text):
        if found and len(found[-1].split()) < SHORTEST:
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def turned(a: Statement, b: Statement, scores: BothWays) -> BothWays:
    """The scores of the statements from the scores of their propositions: exactly one denial turns yes and no round."""
    if (a.cue_class is CueClass.DENIAL) == (b.cue_class is CueClass.DENIAL):
        return scores
    return BothWays(_turned(scores.a_to_b), _turned(scores.b_to_a))


def _turned(p: NliProbabilities) -> NliProbabilities:
    """Who says what is denied contradicts the denial; who contradicts it need not agree with the denial: half counts."""
    half = round(p.contradiction / 2, 6)
    return NliProbabilities(half, round(p.neutral + p.contradiction - half, 6), p.entailment)


def _overlap(x: str, y: str) -> float:
    """What two sentences share, set off against their length, so that a long sentence does not win by size."""
    a, b = _terms(x), _terms(y)
    shared = len(a.stems & b.stems) + len(shared_entities(a, b)) + len(a.numbers & b.numbers)
    sizes = sorted(len(t.stems) + len(t.entities) + len(t.numbers) for t in (a, b))
    return shared + shared / max(1, sizes[1]) if shared else 0.0


@lru_cache(maxsize=20_000)
def _terms(text: str) -> Terms:
    return terms_of(text)
