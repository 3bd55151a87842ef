"""The APIs that this project stands in for: one package each, registered by the entry points in `pyproject.toml`.

A package defines `SERVICE`, and `SCIM_MOUNT` where SCIM pushes users and groups to it. None knows of another, of a
transport or of a web library.
"""
