"""What a filter of the queue finds, as a file; and reviews of what people have judged, to publish."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Annotated, BinaryIO, Final, cast

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection
from starlette.responses import StreamingResponse

from crossquote.exports.claimreview import Publisher, claim_reviews
from crossquote.exports.files import as_text
from crossquote.exports.formats import Format, write_lines
from crossquote.harmless import in_script
from crossquote.web.desk import TheDesk, TheUser
from crossquote.web.filters import chosen
from crossquote.web.render import page
from db.access import User
from db.export_lines import VerdictLine, verdict_lines
from db.queue import counts
from db.reviewed import ReviewedPair, reviewed_pairs
from db.team import hidden
from verifier.errors import BadInput

router = APIRouter(prefix="/export")
TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8; header=present",
    Format.JSONL: "application/jsonl; charset=utf-8",
    Format.PARQUET: "application/vnd.apache.parquet",
}
FORMATS: Final = ((Format.CSV, "CSV, for a spreadsheet"), (Format.JSONL, "JSON lines"), (Format.PARQUET, "Parquet"))
PART: Final = 500
"""Rows for which is asked together what may be seen of them."""
IN_MEMORY: Final = 1 << 20
READ: Final = 1 << 16


@router.get("")
def index(request: Request, desk: TheDesk, user: TheUser) -> Response:
    """The choice: what the filter finds, or reviews."""
    wanted = chosen(request.query_params, user.name)
    with desk.engine.connect() as connection:
        number = counts(connection, wanted.filter).all
    site = str(request.base_url).rstrip("/")
    return page(request, "export.html", chosen=wanted, number=number, formats=FORMATS, site=site)


@router.get("/verdicts")
def verdicts(request: Request, desk: TheDesk, user: TheUser, format: Format = Format.CSV) -> Response:
    """All that the filter finds, best first, with the columns of `crossquote export verdicts`."""
    wanted = chosen(request.query_params, user.name).filter

    def write(stream: BinaryIO) -> None:
        with desk.engine.connect() as reading, desk.engine.connect() as asking:
            write_lines(stream, format, VerdictLine, _veiled(verdict_lines(reading, wanted), asking, user))

    return _sent(f"verdicts-{desk.now():%Y-%m-%d}.{format}", TYPES[format], write)


@router.get("/claimreview")
def reviews(
    request: Request,
    desk: TheDesk,
    user: TheUser,
    publisher: Annotated[str, Query(max_length=200)] = "",
    site: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """schema.org ClaimReview, one object a line, of pairs that a person has found to agree or to conflict."""
    try:
        by = Publisher(publisher, site.strip() or str(request.base_url))
    except BadInput as error:
        raise BadInput(error.message.removeprefix("--")) from error

    def write(stream: BinaryIO) -> None:
        with as_text(stream) as text, desk.engine.connect() as reading, desk.engine.connect() as asking:
            for pair in _seen(reviewed_pairs(reading), asking, user):
                text.writelines(
                    in_script(json.dumps(one, ensure_ascii=False)) + "\n" for one in claim_reviews(pair, by)
                )

    return _sent(f"claimreview-{desk.now():%Y-%m-%d}.jsonl", TYPES[Format.JSONL], write)


def _veiled(lines: Iterable[VerdictLine], connection: Connection, user: User) -> Iterator[VerdictLine]:
    """A reviewer is told what others hold only of what the reviewer has judged as well."""
    rest = iter(lines)
    while part := list(islice(rest, PART)):
        unseen = hidden(connection, user, [one.pair_id for one in part if one.judgement])
        for one in part:
            yield replace(one, judgement=None, judgement_kind=None, comment=None) if one.pair_id in unseen else one


def _seen(pairs: Iterable[ReviewedPair], connection: Connection, user: User) -> Iterator[ReviewedPair]:
    rest = iter(pairs)
    while part := list(islice(rest, PART)):
        unseen = hidden(connection, user, [one.id for one in part])
        yield from (one for one in part if one.id not in unseen)


def _sent(name: str, kind: str, write: Callable[[BinaryIO], None]) -> Response:
    """A file to keep: written whole before its first byte is sent, so that an error is one, and no half of a file."""
    stream = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - open until it is sent
    try:
        write(stream)
        stream.seek(0)
    except BaseException:
        stream.close()
        raise
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_parts(stream), media_type=kind, headers=headers)


def _parts(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while part := stream.read(READ):
            yield part
