"""The path of one request. Begin with `engine.engine`."""
