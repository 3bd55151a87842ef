"""`mockserver new-api`: writes an installable package that adds an API, to be turned into the real one.

The package is a copy of the folder `skeleton/`, which is itself a working package of the API `new-api`. Only the names
are replaced.
"""

from __future__ import annotations

import argparse
import keyword
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from mockserver.registry.entries import LONGEST_NAME, RESERVED, is_name, names
from mockserver.registry.resources import folder

HELP = "Writes a package that adds an API: a document, fixtures, examples, handlers and a test, working at once."

EXAMPLES = """
  mockserver new-api acme-iam
  mockserver new-api acme-iam --into ../mocks
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of `mockserver new-api`."""
    parser.add_argument("name", metavar="NAME", help="the name of the API, such as acme-iam")
    parser.add_argument(
        "--into", type=Path, default=Path(), metavar="DIR", help="the folder that gets the package (default: this one)"
    )


def run(options: argparse.Namespace) -> int:
    """Writes the package. Returns 0, or 2 where it can't be written."""
    try:
        package = write(options.name, options.into)
    except (ValueError, OSError) as error:
        print(f"mockserver new-api: {error}", file=sys.stderr)
        return 2
    print(f"{package} is ready. Install it, and everything knows the API {options.name}:")
    print(f"  pip install -e {package}")
    for command in ("serve --service", "check", "operations"):
        print(f"  mockserver {command} {options.name}")
    return 0


def write(name: str, into: Path) -> Path:
    """Writes the package of an API into a new folder of its name, and returns that folder.

    Raises ValueError for a name that can't be used, OSError where the folder can't be written.
    """
    _check(name)
    package = into / name
    if package.exists():
        raise ValueError(f"{package} exists already")
    if not into.is_dir():
        raise ValueError(f"there is no folder {into}")
    replacements = {"new-api": name, "new_api": _module(name), "New API": name.replace("-", " ").title()}
    skeleton = folder("skeleton")
    for source in _files(skeleton):
        target = package / _replaced(source.relative_to(skeleton).as_posix(), replacements)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_replaced(source.read_text(encoding="utf-8"), replacements), encoding="utf-8")
    return package


def _check(name: str) -> None:
    if not is_name(name):
        raise ValueError(f"{name!r} is no name: use lower-case letters, digits and hyphens, {LONGEST_NAME} at most")
    if name in names() or name in RESERVED:
        raise ValueError(f"the name {name} is taken: there are {', '.join((*names(), *RESERVED))}")
    module = _module(name)
    if keyword.iskeyword(module) or module in sys.stdlib_module_names or _is_installed(module):
        raise ValueError(f"the name {name} is taken: its package would hide the Python module {module}")


def _module(name: str) -> str:
    return name.replace("-", "_")


def _is_installed(module: str) -> bool:
    """Whether a module of this name can be imported; a mere folder without code does not count."""
    spec = find_spec(module)
    return spec is not None and spec.origin is not None


def _files(skeleton: Path) -> Iterator[Path]:
    """The skeleton's files, but for what tools left there."""
    for path in sorted(skeleton.rglob("*")):
        parts = path.relative_to(skeleton).parts
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
            yield path


def _replaced(text: str, replacements: dict[str, str]) -> str:
    for placeholder, value in replacements.items():
        text = text.replace(placeholder, value)
    return text
