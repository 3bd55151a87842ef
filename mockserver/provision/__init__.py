"""The other end of SCIM: identity providers that push their people to a server, each in its own dialect.

`people` says who there is and what happens to them, `dialects` how each identity provider writes it, `provider` plays
it. All of it is pure: requests come out and answers go in, whoever carries them.
"""
