"""Users and groups of every shape, generated from the schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from mockserver.core.problems import Problem
from mockserver.scim.attributes import Attribute, ResourceType
from mockserver.scim.schemas import GROUP, USER

texts = st.sampled_from(("", "a", "A", "work", "ann@example.org", "Ünï", "2020-01-01T00:00:00Z")) | st.text(max_size=5)


def values(attribute: Attribute) -> st.SearchStrategy[Any]:
    """Returns a strategy for the values of an attribute."""
    if attribute.data_type == "complex":
        one: st.SearchStrategy[Any] = parts(attribute.sub_attributes)
    elif attribute.data_type == "boolean":
        one = st.booleans() | st.sampled_from(("True", "false"))
    elif attribute.data_type == "binary":
        one = st.sampled_from(("", "AAAA", "QQ=="))
    else:
        one = texts
    return st.lists(one | st.none(), max_size=3) if attribute.multi_valued else one | st.none()


def parts(attributes: tuple[Attribute, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Returns a strategy for objects with some of the attributes."""
    return st.fixed_dictionaries({}, optional={attribute.name: values(attribute) for attribute in attributes})


def bodies(resource_type: ResourceType, required: str) -> st.SearchStrategy[dict[str, Any]]:
    """Returns a strategy for bodies that create a resource of the type."""
    extensions = {schema.id: parts(schema.attributes) for schema in resource_type.extensions}
    return st.builds(
        lambda core, extended, name: {**core, **extended, required: name},
        parts(resource_type.schema.attributes),
        st.fixed_dictionaries({}, optional=extensions),
        st.text(min_size=1, max_size=5),
    )


def refusal(action: Callable[[], object]) -> Problem | None:
    """Returns the problem that an action raises; None if it raises none."""
    try:
        action()
    except Problem as problem:
        return problem
    return None


users = bodies(USER, "userName")
groups = bodies(GROUP, "displayName")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
