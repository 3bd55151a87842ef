"""Cross-origin rules: a browser application in development may call the services, and never the control plane."""

from __future__ import annotations

from mockserver.core.messages import Request, Response

EXPOSED = "X-Mock-Exchange, ETag, Location, Link, X-Total-Count, Retry-After, WWW-Authenticate, Allow"


def permit(request: Request, response: Response) -> None:
    """Adds to a service's answer what lets the page that asked read it; to a preflight, what lets it ask."""
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
    """Whether a page of another origin sent this. It may have done so without a preflight, so the answer is no use."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    return (origin is not None and origin != request.origin) or site in ("cross-site", "same-site")
