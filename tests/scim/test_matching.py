"""Filters: which users they match, and which index answers them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from contract_tests.framework.scim_grammar import ENTERPRISE_URN, filters
from mockserver.core.problems import Problem
from mockserver.scim.matching import Lookup, compile_filter
from mockserver.scim.schemas import GROUP, USER
from mockserver.scim.values import read_resource
from tests.scim.resources import users

ANN: dict[str, Any] = {
    "id": "u1",
    "userName": "Ann",
    "name": {"familyName": "Zeller"},
    "active": True,
    "profileUrl": "https://example.org/Ann",
    "emails": [
        {"type": "work", "value": "ann@example.org", "primary": True},
        {"type": "home", "value": "ann@home.example"},
    ],
    "meta": {"created": "2020-01-01T12:00:00Z"},
    ENTERPRISE_URN: {"department": "Sales", "manager": {"value": "u2"}},
}

MATCHING = [
    'userName eq "ann"',
    'USERNAME EQ "ANN"',
    'userName ne "bob"',
    'userName co "n" and userName sw "a" and userName ew "N"',
    'userName gt "Amy" and userName ge "ann" and userName lt "b" and userName le "ANN"',
    'name.familyName eq "zeller"',
    "name pr",
    "not (title pr)",
    "title eq null",
    "userName ne null",
    'title ne "Boss"',
    "active eq true",
    'active eq "True"',
    "active ne false",
    'emails co "home.example"',
    'emails.type eq "home"',
    'emails[type eq "work" and value ew "example.org"]',
    'emails[not (primary eq true)].value sw "ann@home"',
    'meta.created eq "2020-01-01T13:00:00+01:00"',
    'meta.created gt "2019-12-31"',
    'meta.created sw "2020-"',
    f'{ENTERPRISE_URN}:department eq "sales"',
    f'{ENTERPRISE_URN}:manager eq "u2"',
    f'{ENTERPRISE_URN.upper()}:DEPARTMENT eq "sales"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann"',
    "noSuchAttribute eq null",
    'noSuchAttribute ne "x"',
    "title pr or userName pr and active eq true",
]
NOT_MATCHING = [
    'userName eq "an"',
    "title pr",
    "userName eq null",
    'profileUrl eq "https://example.org/ann"',
    'emails[type eq "home" and value ew "example.org"]',
    'emails ne "ann@example.org"',
    "noSuchAttribute pr",
    "noSuchAttribute ne null",
    'noSuchAttribute[x eq "y"]',
    'urn:no:such:schema:userName eq "ann"',
    "(title pr or userName pr) and active eq false",
]
REFUSED = [
    "active gt true",
    'active co "r"',
    "active eq 1",
    "userName eq 5",
    "userName gt null",
    'name eq "x"',
    'meta.created gt "yesterday"',
    'x509Certificates.value gt "AAAA"',
    'userName[x eq "y"]',
]


@pytest.mark.parametrize("text", MATCHING)
def test_ann_matches(text: str) -> None:
    assert compile_filter(text, USER).matches(ANN)


@pytest.mark.parametrize("text", NOT_MATCHING)
def test_ann_does_not_match(text: str) -> None:
    assert not compile_filter(text, USER).matches(ANN)


@pytest.mark.parametrize("text", REFUSED)
def test_a_comparison_that_the_type_does_not_support_is_invalid(text: str) -> None:
    with pytest.raises(Problem) as refused:
        compile_filter(text, USER)
    assert refused.value.details["scim_type"] == "invalidFilter"


@given(filters, users)
def test_a_filter_matches_exactly_the_resources_that_its_negation_does_not(text: str, body: dict[str, Any]) -> None:
    user = read_resource(USER, body)
    assert compile_filter(text, USER).matches(user) is not compile_filter(f"not ({text})", USER).matches(user)


@given(filters, users)
def test_a_resource_that_matches_an_indexed_filter_has_the_value_of_the_lookup(text: str, body: dict[str, Any]) -> None:
    user = {**read_resource(USER, body), "id": "u1"}
    ready = compile_filter(text, USER)
    if ready.lookup is not None and ready.matches(user):
        assert user[ready.lookup.attribute].lower() == ready.lookup.value.lower()


@pytest.mark.parametrize(
    ("text", "lookup"),
    [
        ('userName eq "Ann"', Lookup("userName", "Ann")),
        ('title pr and externalId eq "x"', Lookup("externalId", "x")),
        ('id eq "u1"', Lookup("id", "u1")),
        ('userName eq "a" or userName eq "b"', None),
        ('not (userName eq "a")', None),
        ('userName sw "a"', None),
        ('title eq "a"', None),
    ],
)
def test_an_equality_of_an_indexed_attribute_has_a_lookup(text: str, lookup: Lookup | None) -> None:
    assert compile_filter(text, USER).lookup == lookup


@pytest.mark.parametrize("text", ['members eq "u1"', 'members.value eq "u1"', 'members[value eq "u1"]'])
def test_a_filter_for_the_groups_of_a_member_has_a_lookup(text: str) -> None:
    assert compile_filter(text, GROUP).lookup == Lookup("members", "u1")
