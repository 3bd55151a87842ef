"""Isolated worlds: what each holds, remembers, fails on purpose and sends."""
