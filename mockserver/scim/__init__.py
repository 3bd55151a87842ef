"""The SCIM 2.0 protocol (RFC 7643 and RFC 7644) over a directory of users and groups.

Read `schemas` first (what a resource may hold), then `filters`, `paths` and `patches` (the two little languages of the
protocol).  Those modules are pure: they know neither the store nor a request.
"""
