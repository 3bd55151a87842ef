"""The SCIM 2.0 protocol (RFC 7643 and RFC 7644) over a directory of users and groups.

Read `schemas` first (what a resource may hold), then `filters`, `paths` and `patches` (the two little languages of the
protocol). Those modules are pure: they know neither the store nor a request. `directory` keeps users and groups in the
store, `queries` and `changes` are what can be done with them, `handlers` and `service` bring it to the engine, and
`mounts` is what a service that offers SCIM has to provide.
"""
