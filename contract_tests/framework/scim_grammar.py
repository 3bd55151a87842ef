"""SCIM filters and PATCH paths as hypothesis strategies, from the ABNF of RFC 7644. They suit any SCIM server."""

from __future__ import annotations

import json

from hypothesis import strategies as st

USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

TEXT_ATTRIBUTES = (
    "userName",
    "displayName",
    "externalId",
    "title",
    "name.familyName",
    "emails",
    "emails.value",
    "phoneNumbers.type",
    f"{USER_URN}:nickName",
    f"{ENTERPRISE_URN}:department",
    f"{ENTERPRISE_URN}:manager.value",
    "noSuchAttribute",
)
LISTS = ("emails", "phoneNumbers", "ims", "roles", "addresses")

letters = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
operators = st.sampled_from(("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"))


def any_case(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Generates the words in lower, upper or title case, because the grammar ignores case."""
    return st.builds(lambda word, change: str(change(word)), words, st.sampled_from((str.lower, str.upper, str.title)))


def comparisons(attributes: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Generates comparisons: `attribute op "text"`, or `attribute pr`."""
    compared = st.builds(
        lambda name, operator, value: f"{name} {operator} {json.dumps(value)}", attributes, any_case(operators), letters
    )
    present = attributes.map(lambda name: f"{name} pr")
    return compared | present


def logical(conditions: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Generates conditions that are joined by `and` and `or`, negated, and in parentheses."""
    words = any_case(st.sampled_from(("and", "or")))
    return st.recursive(
        conditions,
        lambda inner: (
            st.builds(lambda left, word, right: f"{left} {word} {right}", inner, words, inner)
            | inner.map(lambda text: f"({text})")
            | inner.map(lambda text: f"not ({text})")
        ),
        max_leaves=5,
    )


conditions = logical(comparisons(st.sampled_from(("type", "value", "display"))) | st.just("primary eq true"))
"""The conditions in brackets after a multi-valued attribute."""

filters = logical(
    comparisons(st.sampled_from(TEXT_ATTRIBUTES))
    | st.builds(lambda name, condition: f"{name}[{condition}]", st.sampled_from(LISTS), conditions)
    | st.sampled_from(("active eq true", "active ne false", 'meta.created gt "2020-01-01T00:00:00Z"', "title eq null"))
)
"""Filters for users. All of them are valid."""

patch_paths = st.sampled_from(
    (
        "userName",
        "displayName",
        "active",
        "name",
        "name.givenName",
        "emails",
        "emails.type",
        "members",
        "id",
        "meta.created",
        ENTERPRISE_URN,
        f"{ENTERPRISE_URN}:manager",
        f"{ENTERPRISE_URN}:manager.value",
        f"{USER_URN}:title",
        "noSuchAttribute",
    )
) | st.builds(
    lambda name, condition, part: f"{name}[{condition}]{part}",
    st.sampled_from((*LISTS, "title")),
    conditions,
    st.sampled_from(("", ".value", ".primary", ".noSuchPart")),
)
"""PATCH paths for users. All of them follow the grammar, but some name an attribute that does not exist."""
