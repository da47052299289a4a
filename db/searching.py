"""Full-text search: what somebody typed, as conditions that no input can break.

What is typed is cut into words here, and only letters and digits go on into a query: there is no query syntax to get wrong.
`"several words"` stand in a row, `word*` is the beginning of a word; all else is a word that has to be there, in any form
(Porter's stems) and with or without accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Float, Select, bindparam, column, literal_column, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from db.names import visible

MOST_TERMS = 10
LONGEST = 300
_TYPED = re.compile(r'"([^"]*)"|([^\s"]+)')
_WORD = re.compile(r"[^\W_]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_STATEMENT_COLUMNS = "{text claim speaker}"


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a row, each letters and digits only; of the last one only the beginning where `prefix` is set."""

    words: tuple[str, ...]
    prefix: bool = False


def terms(typed: str) -> list[Term]:
    """What to look for; nothing where nothing of it is a word."""
    found = []
    for quoted, plain in _TYPED.findall(unicodedata.normalize("NFC", visible(typed))[:LONGEST]):
        words = tuple(_WORD.findall(quoted or plain))
        if words:
            found.append(Term(words, plain.endswith("*")))
    return found[:MOST_TERMS]


def statements_with(found: Sequence[Term]) -> Select[Any]:
    """Ids of the statements whose words, claim or speaker have all of the terms."""
    search = table("statement_search", column("id"))
    return select(search.c.id).where(_matches("statement_search", found))


def articles_with(found: Sequence[Term]) -> Select[Any]:
    """Ids of the article versions whose title or text has all of the terms."""
    search = table("article_search", column("rowid"))
    return select(search.c.rowid).where(_matches("article_search", found))


def best(query: Select[Any], name: str, found: Sequence[Term], limit: int) -> Select[Any]:
    """The best matches of `statements_with` or `articles_with` first."""
    return query.order_by(_Rank(literal_column(name), *_queries(name, found)).desc()).limit(limit)


def _matches(name: str, found: Sequence[Term]) -> ColumnElement[bool]:
    return _Matches(literal_column(name), *_queries(name, found))


def questions(name: str, found: Sequence[Term]) -> tuple[str, str]:
    """The same question in FTS5's syntax and as PostgreSQL's tsquery."""
    fts = " AND ".join(_fts(term) for term in found)
    columns = f"{_STATEMENT_COLUMNS} : " if name == "statement_search" else ""
    return f"{columns}({fts})", " & ".join(_tsquery(term) for term in found)


def _queries(name: str, found: Sequence[Term]) -> tuple[ColumnElement[str], ColumnElement[str]]:
    fts, tsquery = questions(name, found)
    return bindparam(None, fts), bindparam(None, tsquery)


def _fts(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.prefix else ""}'


def _tsquery(term: Term) -> str:
    """PostgreSQL folds what it stores by `search_fold`: this is the same for letters and digits."""
    folded = unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", " ".join(term.words))))
    words = [f"'{word}'" for word in _WORD.findall(folded)] or ["''"]
    return f"({' <-> '.join(words)}{':*' if term.prefix else ''})"


class _Matches(FunctionElement[bool]):
    """(table, question to FTS5, question to PostgreSQL): whether a row of the table answers it."""

    type = Boolean()
    inherit_cache = True
    name = "matches"
    _is_implicitly_boolean = True  # or SQLAlchemy writes `= 1` behind it, which MATCH does not bear


class _Rank(FunctionElement[Any]):
    """The same arguments: how well it does, more is better."""

    type = Float()
    inherit_cache = True
    name = "match_rank"


@compiles(_Matches, "sqlite")
def _matches_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    name, question, _ = element.clauses
    return f"{compiler.process(name, **more)} MATCH {compiler.process(question, **more)}"


@compiles(_Matches, "postgresql")
def _matches_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    name, _, question = element.clauses
    asked = compiler.process(question, **more)
    return f"{compiler.process(name, **more)}.words @@ to_tsquery('crossquote', {asked})"


@compiles(_Rank, "sqlite")
def _rank_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"(-bm25({compiler.process(next(iter(element.clauses)), **more)}))"


@compiles(_Rank, "postgresql")
def _rank_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    name, _, question = element.clauses
    asked = compiler.process(question, **more)
    return f"ts_rank({compiler.process(name, **more)}.words, to_tsquery('crossquote', {asked}))"
