"""The API against its own description: whatever is sent, no answer is a server's error, and each is as described.

`CROSSQUOTE_EXAMPLES=300 pytest tests/crossquote/web/test_web_schema.py` tries more (docs/api.md).
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from sqlalchemy import Engine

from tests.crossquote.web.desks import FILLED, app_of, client, desk, fill

EXAMPLES = int(os.environ.get("CROSSQUOTE_EXAMPLES", "4"))
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
WAIT = 300
OWN = {"sec-fetch-site": "same-origin"}
REAL: dict[str, Any] = {"pair_id": FILLED.pair, "version_id": FILLED.version, "story_id": 1, "token_id": 1}
BOUNDS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(1200)
def test_whatever_is_sent(engine: Engine) -> None:
    fill(engine)
    at = desk(engine)
    at.accounts.add_token("reader", "a token to revoke", "tests")
    cookies = dict(client(at, "admin").cookies)
    address = "/api/v1/openapi.json"
    schema = schemathesis.openapi.from_asgi(address, app_of(at), headers=OWN, cookies=cookies, timeout=WAIT)

    @BOUNDS
    @given(data=st.data())
    def send(operation: Any, data: st.DataObject) -> None:
        real = {name: value for name, value in REAL.items() if f"{{{name}}}" in operation.path}
        mode = data.draw(st.sampled_from(GenerationMode))
        known = data.draw(st.sampled_from((real or None, None)))
        case: Case[Any] = data.draw(operation.as_strategy(mode, path_parameters=known))
        answer = case.call(headers=OWN, cookies=cookies, timeout=WAIT)
        case.validate_response(answer, checks=CHECKS, headers=OWN)

    tried = set()
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # what is wrong with the document raises here
        send(operation)
        tried.add((operation.method, operation.path))
    assert len(tried) > 15
