"""Flows: sequences of API calls, written as Arazzo 1.0 documents, and their demonstration in a terminal.

Interpreting Arazzo documents:

    arazzo          a document as Python values: workflows, steps, parameters, criteria, actions
    reader          reads a document into these values and binds each step to the operation that it calls
    expressions     runtime expressions such as `$response.body#/id`
    criteria        success criteria: simple conditions, regular expressions, JSONPath
    step_requests   the HTTP request of a step
    player          plays a document step by step

Demonstrating them:

    demo_server     the server that a flow is played against, and what a mock can tell about it
    rendering       requests, responses and changes as lines of text, with secrets masked
    demonstration   plays a flow in a terminal, forwards and, on a mock, backwards
"""
