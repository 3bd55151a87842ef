"""Fixtures, made reproducibly: what a scenario holds is written by programs, and what they write is in `fixtures`."""
