"""Work lists: what a stage may have left to do, so that a run looks at the day's items and not at the whole archive.

A list holds at least all that is left under its key (the version of an extractor, of gates, of a policy …). Whatever makes
work puts its item on the lists in the same transaction; an item goes only when the stage's own question, asked of it
again, says that nothing is left (`settle`). Under another key, or where a list was never made, the question is asked of
everything, until `settle` has made the list anew. So the keys may be deleted at any time: a list only saves looking.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, insert, literal, or_, select

from db.operating_tables import Waiting, WaitingKeys
from db.tables import Pairs, Statements
from db.transaction import chunks, insert_new

EXTRACT, EMBED, COPIES, STORIES, PAIR = "extract", "embed", "copies", "stories", "pair"
JUDGE, JUDGE_NEW = "judge", "judge new"
WEIGH, WEIGH_STORIES = "weigh", "weigh stories"
OF_VERSION = (EXTRACT, EMBED, COPIES, STORIES, PAIR)
OF_STATEMENTS = (EMBED, PAIR)
OF_PAIR = (JUDGE, JUDGE_NEW)
OF_TABLE = {"article_versions": OF_VERSION, "pairs": (*OF_PAIR, WEIGH), "stories": (WEIGH_STORIES,)}


Left = tuple[Select[Any], ColumnElement[Any] | Any]
"""A query of what is left, and the column of it that has the list's items."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is left of a stage under a key; the query is only made where there is something to ask."""

    stage: str
    key: str
    left: Callable[[], Left]

    def rows(self, connection: Connection) -> list[Any]:
        """All that is left: asked of the list's items, or of everything where there is no list under this key."""
        held = _held(connection, self)
        if held is None:
            return list(connection.execute(self.left()[0]))
        return [row for query in self._parts(held) for row in connection.execute(query)]

    def _parts(self, held: Sequence[int]) -> Iterator[Select[Any]]:
        if held:
            query, item = self.left()
            for part in chunks(held):
                yield query.where(item.in_(part))


def settle(connection: Connection, question: Question) -> None:
    """Take off the list what is done; make it anew where it is about another key."""
    held = _held(connection, question)
    if held == []:
        return
    query, item = question.left()
    of_stage = Waiting.stage == question.stage
    if held is None:
        connection.execute(delete(Waiting).where(of_stage))
        left = query.with_only_columns(literal(question.stage), item).distinct()
        connection.execute(insert(Waiting).from_select(["stage", "item"], left))
        connection.execute(delete(WaitingKeys).where(WaitingKeys.stage == question.stage))
        connection.execute(insert(WaitingKeys).values(stage=question.stage, key=question.key))
        return
    for part in chunks(held):
        asked = query.with_only_columns(item).where(item.in_(part))
        if gone := set(part).difference(connection.execute(asked).scalars()):
            connection.execute(delete(Waiting).where(of_stage, Waiting.item.in_(sorted(gone))))


def _held(connection: Connection, question: Question) -> list[int] | None:
    """The list's items; None where there is no list under this key."""
    key = select(WaitingKeys.key).where(WaitingKeys.stage == question.stage)
    if connection.execute(key).scalar() != question.key:
        return None
    items = select(Waiting.item).where(Waiting.stage == question.stage).order_by(Waiting.item)
    return list(connection.execute(items).scalars())


def put(connection: Connection, stages: Sequence[str], items: Sequence[int]) -> None:
    """These items may wait for these stages."""
    insert_new(connection, Waiting, [{"stage": stage, "item": item} for stage in stages for item in items])


def take(connection: Connection, stage: str) -> list[int]:
    """All items of a list, which is empty after; for a list without a question of its own."""
    items = list(
        connection.execute(select(Waiting.item).where(Waiting.stage == stage).order_by(Waiting.item)).scalars()
    )
    connection.execute(delete(Waiting).where(Waiting.stage == stage))
    return items


def put_pairs(connection: Connection, statements: Any) -> None:
    """The pairs of these statements (a list of ids, or a query of them) may have to be judged."""
    for side in (Pairs.a_id, Pairs.b_id):
        put(connection, OF_PAIR, list(connection.execute(select(Pairs.id).where(side.in_(statements))).scalars()))


def put_version(connection: Connection, version_id: int, *, new: bool) -> None:
    """A version is current now; one that was before may have pairs."""
    put(connection, OF_VERSION, [version_id])
    if not new:
        put_pairs(connection, select(Statements.id).where(Statements.version_id == version_id))


def put_moved(connection: Connection, statements: Sequence[str]) -> None:
    """People decided who speaks in these statements: the gates look at them again, and their pairs are judged again."""
    versions = select(Statements.version_id).where(Statements.id.in_(statements)).distinct()
    put(connection, [PAIR], list(connection.execute(versions).scalars()))
    put_pairs(connection, statements)


def drop(connection: Connection, gone: Mapping[str, Any]) -> None:
    """Take off what is going to be deleted; `gone` has the ids by table."""
    for table, stages in OF_TABLE.items():
        connection.execute(delete(Waiting).where(Waiting.stage.in_(stages), Waiting.item.in_(gone[table])))


def forget(connection: Connection, *stages: str) -> None:
    """These lists are made anew when they are settled next: something was deleted that showed what is done."""
    if stages:
        connection.execute(delete(WaitingKeys).where(or_(*(WaitingKeys.stage == stage for stage in stages))))
