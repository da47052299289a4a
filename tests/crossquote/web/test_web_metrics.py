from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from tests.crossquote.web.desks import app_of, desk

HERE = ("127.0.0.1", 40000)
FAR = ("192.0.2.7", 40000)
TOKEN = "a token of the tests"  # noqa: S105


def test_they_say_what_is_there(engine: Engine) -> None:
    answer = TestClient(app_of(desk(engine)), client=HERE).get("/metrics")
    samples = {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }
    assert samples[("crossquote_articles_added_total",)] == 2
    assert samples[("crossquote_verdicts_added_total", "conflict")] == 1
    assert samples[("crossquote_waiting", "conflicts")] == 2
    assert samples[("crossquote_last_run_finished_timestamp_seconds",)] > 1.7e9
    assert samples[("crossquote_database_size_bytes",)] > 100_000


@pytest.mark.parametrize(
    ("peer", "headers", "token", "status"),
    [
        pytest.param(HERE, {}, "", 200, id="this-machine"),
        pytest.param(FAR, {}, "", 403, id="another"),
        pytest.param(HERE, {"X-Forwarded-For": "192.0.2.7"}, "", 403, id="through-a-proxy"),
        pytest.param(HERE, {}, TOKEN, 403, id="no-token"),
        pytest.param(FAR, {"Authorization": f"Bearer {TOKEN}"}, TOKEN, 200, id="token"),
        pytest.param(FAR, {"Authorization": "Bearer wrong"}, TOKEN, 403, id="wrong-token"),
    ],
)
def test_who_may_see_them(
    engine: Engine, peer: tuple[str, int], headers: dict[str, str], token: str, status: int
) -> None:
    made = replace(desk(engine), metrics_token=token)
    assert TestClient(app_of(made), client=peer).get("/metrics", headers=headers).status_code == status
