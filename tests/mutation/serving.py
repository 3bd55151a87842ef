"""`python -m tests.mutation.serving MUTANT serve ...` is `mockserver serve ...`, broken as the mutant is."""

from __future__ import annotations

import sys

from mockserver.commands.main import main

from .broken import broken
from .mutants import mutants

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    with broken(next(mutant for mutant in mutants() if mutant.name == name)):
        sys.exit(main(arguments))
