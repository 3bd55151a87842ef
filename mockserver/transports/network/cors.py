"""Cross-origin rules: a browser application in development may call the services, and never the control plane."""

from __future__ import annotations

from mockserver.core.messages import Request, Response

EXPOSED = "X-Mock-Exchange, ETag, Location, Link, X-Total-Count, Retry-After, WWW-Authenticate, Allow"


def permit(request: Request, response: Response) -> None:
    """Adds the headers that make a browser let a page read a response or, after a preflight, send its request."""
    origin = request.headers.get("Origin")
    if origin is None:
        return
    response.headers += [
        ("Access-Control-Allow-Origin", origin),
        ("Access-Control-Allow-Credentials", "true"),
        ("Vary", "Origin"),
    ]
    wanted = request.headers.get("Access-Control-Request-Method")
    if request.method == "OPTIONS" and wanted:
        response.headers += [
            ("Access-Control-Allow-Methods", response.header("Allow") or wanted),
            ("Access-Control-Allow-Headers", request.headers.get("Access-Control-Request-Headers") or "*"),
            ("Access-Control-Max-Age", "600"),
        ]
    else:
        response.headers.append(("Access-Control-Expose-Headers", EXPOSED))


def foreign(request: Request) -> bool:
    """Returns whether a page of another origin sent a request.

    Such a request is refused before it is carried out: a browser sends simple requests without a preflight, so keeping
    the response from the page would come too late.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    return (origin is not None and origin != request.origin) or site in ("cross-site", "same-site")
