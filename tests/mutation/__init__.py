"""Does the contract suite find faults? A mutant is the mock with one deliberate fault.

`python -m tests.mutation` runs the suite against each mutant. A mutant that passes has SURVIVED: either the suite lacks
a test, or nobody can notice the fault, and then `mutants.yaml` says why. That file lists all mutants.
"""
