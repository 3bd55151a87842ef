"""The framework under the contract tests. It speaks only HTTP to deployments, the mock included.

From the package `mockserver` it takes the registered services with their documents and examples, and nothing else.

`contract_tests/README.md` explains its words and its modules.
"""
