"""Flows: Arazzo documents, and how they are played and shown."""
