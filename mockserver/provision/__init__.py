"""Identity providers as SCIM clients: Okta, Entra, OneLogin and JumpCloud push users and groups to a server.

    plan                which people there are, and what happens to them: generated, or read from a script
    dialects            how each identity provider words its SCIM requests
    identity_provider   turns a planned action into the requests of a dialect

The package is pure: it yields requests and is sent the responses; the caller decides how they travel.
"""
