"""Arazzo 1.0: sequences of API calls as documents, read and played. Pure: requests go out through whoever plays.

    document.py     what a document says, bound to the operations it names
    expressions.py  `$response.body#/id` and the like
    conditions.py   success criteria: simple, regex, JSONPath
    requests.py     the request that a step makes
    playing.py      one step after the other, each from a position that can be kept and come back to

Of the specification it leaves out what no flow here needs: XPath, multipart bodies, operationPath, actions that call
another workflow. A document that uses them is refused when it is read, not half played.
"""
