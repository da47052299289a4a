"""Runs: what each did, took and dropped."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from crossquote.web.desk import TheDesk
from crossquote.web.render import page
from db.queries import run_rows

router = APIRouter(prefix="/runs")
SHOWN = 50


@router.get("")
def index(request: Request, desk: TheDesk) -> Response:
    """The latest runs."""
    with desk.engine.connect() as connection:
        return page(request, "runs.html", runs=run_rows(connection, SHOWN))
