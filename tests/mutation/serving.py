"""`python -m tests.mutation.serving MUTANT serve ...` is `mockserver serve ...` with the fault of a mutant."""

from __future__ import annotations

import sys

from mockserver.commands.main import main

from .mutants import mutants
from .mutated_mock import mutated

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    with mutated(next(mutant for mutant in mutants() if mutant.name == name)):
        sys.exit(main(arguments))
