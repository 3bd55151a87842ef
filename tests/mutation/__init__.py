"""Does the contract suite find faults? Mutants are mocks that are broken on purpose, each in one way.

`python -m tests.mutation` plays the suite against each of them; one that passes has SURVIVED, and then either the suite
lacks a check, or the mutant is equivalent and `mutants.yaml` says why. The mutants stand in that file, as data.
"""
