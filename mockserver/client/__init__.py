"""For programs that use a running server.

remote          the server and its worlds as Python objects, over HTTP
pytest_plugin   fixtures: one server for a test run, and a fresh world for each test
"""
