"""The SCIM 2.0 protocol (RFC 7643 and RFC 7644) over directories of users and groups.

Where to find what, from requests down to the schemas:

- `service`, `handlers`: the protocol as a service of the engine, and the table of its operations
- `mounts`: what another service provides to offer SCIM under a path of its own
- `queries`, `changes`, `bulk`, `discovery`: reading, writing, many writes in one request, the server's own description
- `directory`: the users and groups of a directory in the store; `representation`: their form in responses
- `filters`, `matching`, `ordering`, `projection`: the parameters of lists (`filter`, `sortBy`, `attributes`)
- `paths`, `patches`: PATCH operations
- `values`, `spelling`: reading what clients send; `versions`: entity tags
- `attributes`, `schemas`, `locations`: the classes that describe resources, the schemas as data, attribute paths
- `work`: the limit of the work that one request may cause
- `dialect`, `errors`: credentials and error bodies, one function for each SCIM error

The modules from `filters` on, except `dialect`, are pure: they know neither the store nor a request.
"""
