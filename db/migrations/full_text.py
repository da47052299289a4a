"""Full-text search of statements and articles, kept current by triggers: FTS5 on SQLite, tsvector and GIN on PostgreSQL.

Both fold case and accents and cut words to their stems by Porter's rules, without stop words ("not" is a word here).
On SQLite `statement_search` keeps its own copy of the words: the rows of `statements` have no number that VACUUM leaves alone.
A migration that makes `statements` or `article_versions` anew (batch mode) drops their triggers: run `SQLITE_TRIGGERS` after it.
"""

from __future__ import annotations

from typing import Final

_TOKENS: Final = "tokenize='porter unicode61 remove_diacritics 2'"
SQLITE_TABLES: Final = (
    f"CREATE VIRTUAL TABLE statement_search USING fts5(id, text, claim, speaker, {_TOKENS})",
    "CREATE VIRTUAL TABLE article_search USING fts5"
    f"(title, text, content='article_versions', content_rowid='id', {_TOKENS})",
)
_ADD_STATEMENT: Final = (
    "INSERT INTO statement_search (id, text, claim, speaker) VALUES (new.id, new.text, new.claim, new.speaker_name);"
)
# the id is indexed, so that its row is found without a scan; a stem could meet two ids, so that both are compared
_DROP_STATEMENT: Final = (
    "DELETE FROM statement_search WHERE statement_search MATCH 'id : \"' || old.id || '\"' AND id = old.id;"
)
_ADD_ARTICLE: Final = "INSERT INTO article_search (rowid, title, text) VALUES (new.id, new.title, new.text);"
_DROP_ARTICLE: Final = (
    "INSERT INTO article_search (article_search, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);"
)
SQLITE_TRIGGERS: Final = (
    f"CREATE TRIGGER statement_search_added AFTER INSERT ON statements BEGIN {_ADD_STATEMENT} END",
    f"CREATE TRIGGER statement_search_gone AFTER DELETE ON statements BEGIN {_DROP_STATEMENT} END",
    "CREATE TRIGGER statement_search_changed AFTER UPDATE OF id, text, claim, speaker_name ON statements "
    f"BEGIN {_DROP_STATEMENT} {_ADD_STATEMENT} END",
    f"CREATE TRIGGER article_search_added AFTER INSERT ON article_versions BEGIN {_ADD_ARTICLE} END",
    f"CREATE TRIGGER article_search_gone AFTER DELETE ON article_versions BEGIN {_DROP_ARTICLE} END",
    "CREATE TRIGGER article_search_changed AFTER UPDATE OF id, title, text ON article_versions "
    f"BEGIN {_DROP_ARTICLE} {_ADD_ARTICLE} END",
)
SQLITE_FILL: Final = (
    "INSERT INTO statement_search (id, text, claim, speaker) SELECT id, text, claim, speaker_name FROM statements",
    "INSERT INTO article_search (article_search) VALUES ('rebuild')",
)
SQLITE_DROP: Final = (
    *(
        f"DROP TRIGGER {table}_search_{when}"
        for table in ("statement", "article")
        for when in ("added", "gone", "changed")
    ),
    "DROP TABLE statement_search",
    "DROP TABLE article_search",
)

# A tsvector holds 1 MB: this many characters fit whatever they are.
_LONGEST: Final = 200_000
# What no word holds, in any locale: ASCII's punctuation, that of Latin-1, symbols, punctuation of CJK.
_GAPS: Final = "[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00bf\\u2000-\\u2bff\\u2e00-\\u2e7f\\u3000-\\u3004\\u3008-\\u3020]+"
_FOLDED: Final = (
    "regexp_replace(normalize(regexp_replace(normalize($1, NFKD), '[\\u0300-\\u036f]+', '', 'g'), NFKC), "
    f"'{_GAPS}', ' ', 'g')"
)
_WORDS: Final = "asciiword, asciihword, hword_asciipart, word, hword, hword_part, numword"
_STATEMENT_WORDS: Final = "search_words(concat_ws(' ', {0}.text, {0}.claim, {0}.speaker_name))"
_ARTICLE_WORDS: Final = "search_words(concat_ws(' ', {0}.title, {0}.text))"


def _keeps(table: str, key: str, of: str, words: str, columns: str) -> tuple[str, ...]:
    """The function and the trigger that carry a row's words over; a row that goes takes them along by its foreign key."""
    return (
        f"CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO {table} ({key}, words) VALUES (NEW.id, {words.format('NEW')}) "
        f"ON CONFLICT ({key}) DO UPDATE SET words = EXCLUDED.words; RETURN NULL; END $$",
        f"CREATE TRIGGER {table}_kept AFTER INSERT OR UPDATE OF {columns} ON {of} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_keep()",
    )


POSTGRES: Final = (
    "CREATE TEXT SEARCH DICTIONARY crossquote_stem (TEMPLATE = snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION crossquote (COPY = simple)",
    f"ALTER TEXT SEARCH CONFIGURATION crossquote ALTER MAPPING FOR {_WORDS} WITH crossquote_stem",
    f"CREATE FUNCTION search_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN {_FOLDED}",
    "CREATE FUNCTION search_words(text) RETURNS tsvector LANGUAGE sql STABLE STRICT PARALLEL SAFE "
    f"RETURN to_tsvector('crossquote', left(search_fold($1), {_LONGEST}))",
    "CREATE TABLE statement_search (id varchar(16) NOT NULL, words tsvector NOT NULL, "
    "CONSTRAINT pk_statement_search PRIMARY KEY (id), "
    "CONSTRAINT fk_statement_search_id FOREIGN KEY (id) REFERENCES statements (id) ON DELETE CASCADE)",
    "CREATE TABLE article_search (rowid integer NOT NULL, words tsvector NOT NULL, "
    "CONSTRAINT pk_article_search PRIMARY KEY (rowid), "
    "CONSTRAINT fk_article_search_rowid FOREIGN KEY (rowid) REFERENCES article_versions (id) ON DELETE CASCADE)",
    f"INSERT INTO statement_search (id, words) SELECT one.id, {_STATEMENT_WORDS.format('one')} FROM statements one",
    f"INSERT INTO article_search (rowid, words) SELECT one.id, {_ARTICLE_WORDS.format('one')} FROM article_versions one",
    "CREATE INDEX ix_statement_search_words ON statement_search USING gin (words)",
    "CREATE INDEX ix_article_search_words ON article_search USING gin (words)",
    *_keeps("statement_search", "id", "statements", _STATEMENT_WORDS, "text, claim, speaker_name"),
    *_keeps("article_search", "rowid", "article_versions", _ARTICLE_WORDS, "title, text"),
)
POSTGRES_DROP: Final = (
    "DROP TRIGGER article_search_kept ON article_versions",
    "DROP TRIGGER statement_search_kept ON statements",
    "DROP FUNCTION article_search_keep()",
    "DROP FUNCTION statement_search_keep()",
    "DROP TABLE article_search",
    "DROP TABLE statement_search",
    "DROP FUNCTION search_words(text)",
    "DROP FUNCTION search_fold(text)",
    "DROP TEXT SEARCH CONFIGURATION crossquote",
    "DROP TEXT SEARCH DICTIONARY crossquote_stem",
)
