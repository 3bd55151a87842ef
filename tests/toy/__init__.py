"""A small and complete API, invented so that the engine is tested without the rules of a real service."""
