"""What a thousand articles are made of, and that a difference between two databases is seen."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

from bench.thousand import articles, compare, said, sizes
from db.engine import open_engine
from tests.services import SAMPLES, services
from verifier import pipeline

ROWS = [
    {"id": "herald_2016-09-30_the-bridge", "text": "It cost 45 crowns.\n\nMany came.\n\nNobody stayed."},
    {"id": "odd", "text": "The ferry sails."},
]


def test_texts_come_again_changed_a_day_later_and_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, ROWS)).encode()))
    made = list(articles([file], 5))
    assert [one["published_at"] for one in made] == [
        "2016-09-30",
        "2016-01-01",
        "2016-10-01",
        "2016-01-02",
        "2016-10-02",
    ]
    assert len({one["url"] for one in made}) == 5
    assert (made[0]["outlet"], made[2]["outlet"]) == ("herald", "herald 1")
    assert made[0]["text"] == ROWS[0]["text"]
    assert made[2]["text"] == "It cost 46 crowns.\n\nMany came."


def test_only_what_is_said_is_compared(sqlite_template: Path, tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / name}.db" for name in ("a", "b")]
    for url in urls:
        shutil.copy(sqlite_template, url.removeprefix("sqlite:///"))
        pipeline.run(services(url), [str(path) for path in sorted(SAMPLES.glob("water-*"))], lambda _: pipeline.silent)
    one, other = map(said, urls)
    assert compare(one, other) == ([], 0.0)
    assert all(one[name] for name in ("statements", "pairs", "verdicts", "stories"))
    assert sizes(urls[0])["statements"] > 0
    engine = open_engine(urls[1])
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE verdicts SET confidence = confidence - 0.001 WHERE id = 1")
        connection.exec_driver_sql("UPDATE verdicts SET reasons = '[\"odd\"]' WHERE id = 2")
    engine.dispose()
    differences, furthest = compare(one, said(urls[1]))
    assert len(differences) == 1
    assert "odd" in differences[0]
    assert 0.0009 < furthest < 0.0011
