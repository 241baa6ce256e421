"""The console is checked against central/console/openapi.json: that file is what the centre says today."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, cast

from central.app import Parts, make_http
from central.settings import Settings

SNAPSHOT = Path(__file__).parents[3] / "central" / "console" / "openapi.json"


def test_the_console_knows_the_api_as_it_is() -> None:
    nothing = cast("Any", None)  # describing the API needs no part but where files would be kept
    described = make_http(Parts(nothing, Settings(), nothing, nothing)).openapi_schema.to_schema()
    text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("FENGSUI_WRITE_OPENAPI"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == text, (
        "the API changed: run this test once with FENGSUI_WRITE_OPENAPI=1, then `npm run check` in "
        "central/console says which page is concerned"
    )
