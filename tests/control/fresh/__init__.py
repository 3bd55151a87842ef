"""The control plane of a fresh world for each test, with every service behind it."""
