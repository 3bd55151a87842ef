"""A world's records as one immutable value: tables, indexes and transactions."""
