"""Which APIs are registered, and the files that belong to each.

`entries` reads which APIs are registered, without importing any of them; `apis` loads them; `resources` finds and reads
their files; `form` checks the form of a document; `credentials` knows how each API takes its credential.
"""
