"""NetBird's 26 operations."""
