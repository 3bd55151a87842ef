"""An API of nobody's, small and complete, so that the engine is tested without a real service's rules."""
