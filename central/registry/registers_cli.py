"""`fengsui central registers`: the documentation of the registers, printed or written anew."""

from __future__ import annotations

from pathlib import Path

from central.registry.forms.pages import INDEX, pages

FOLDER = Path(__file__).parents[2] / "docs" / "registers"


def registers(*, write: bool = False) -> None:
    """Prints the index of all declared registers; --write keeps a page for each under docs/registers.

    Args:
        write: write the pages, and remove those of registers that are declared no longer.
    """
    written = pages()
    if not write:
        print(written[INDEX])
        return
    if not FOLDER.parent.is_dir():
        raise SystemExit(f"{FOLDER.parent} is missing: pages are written in the source tree only")
    FOLDER.mkdir(exist_ok=True)
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    for page in FOLDER.glob("*.md"):
        if page.name not in written:
            page.unlink()
    print(f"{len(written)} pages are in {FOLDER}")
