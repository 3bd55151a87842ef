"""HTTPS: a local certificate authority, and the TLS context of a server that it signs for."""
