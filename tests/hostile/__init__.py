"""Requests that are made to be expensive: what they cost grows with their size, and no faster."""
