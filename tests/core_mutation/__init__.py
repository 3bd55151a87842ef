"""Mutation testing of the core: breaks its source code, one small place at a time, and runs the unit tests on it."""
