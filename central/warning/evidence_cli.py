"""`fengsui verify-evidence`: proves an evidence pack without any database, or says where it was changed."""

from __future__ import annotations

import json as json_text
import sys
from dataclasses import asdict
from pathlib import Path

from cyclopts import App

from central.warning import evidence_file

app = App(name="verify-evidence", help="Proves an evidence pack of a warning, or says where it was changed.")


@app.default
def verify_evidence(file: Path, *, key: str = "", json: bool = False) -> None:
    """Finds every byte of an evidence pack that was changed, taken away or put in.

    The exit code is 1 when something was found, 2 when the file or the key could not be read.

    Args:
        file: the pack.
        key: the centre's public key in base64, or a file that holds it (`fengsui central audit key` prints
            it); without it the pack is only compared with the key that it carries.
        json: print one line {"sound","files","key","key_given","manifest","findings"} instead of words.
    """
    try:
        report = evidence_file.verify(file, evidence_file.read_key(key) if key else None)
    except (OSError, ValueError) as exc:
        print(exc, file=sys.stderr)
        raise SystemExit(2) from exc
    if json:
        print(json_text.dumps({"sound": report.sound, **asdict(report)}, ensure_ascii=False))
    else:
        print("\n".join(evidence_file.lines(report)))
    if not report.sound:
        raise SystemExit(1)
