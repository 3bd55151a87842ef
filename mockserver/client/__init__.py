"""Programs that use a running server: worlds as Python objects, and the pytest plugin."""
