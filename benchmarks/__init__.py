"""Benchmarks: the cost of a request to the mock, compared with bare aiohttp in the same run (`make bench`)."""
