"""What people read of an exchange shows that a secret was there, but not the secret."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.engine.masking import MASK, NAMES, Masking, Unmasked, pairs

SECRET = "hunter2"  # a word that no other part of these tests contains
MASKING = Masking(["servicePassword"])
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SPELLINGS = ["password", "client_secret", "Client_Secret", "servicepassword", "ACCESS_TOKEN", "token"]


@pytest.mark.parametrize("name", SPELLINGS)
def test_members_with_a_secret_name_are_masked_in_any_case_and_depth(name: str) -> None:
    value = {"a": [{name: SECRET, "b": 1}], name: SECRET}
    assert MASKING.value(value) == {"a": [{name: MASK, "b": 1}], name: MASK}


def test_these_names_are_always_secret() -> None:
    members = "password secret token access_token accesstoken client_secret clientsecret api_key nftoken"
    assert set(members.split()) | {"refresh_token", "refreshtoken"} == NAMES
    assert MASK == "***"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f'{{"password": "{SECRET}", "a": 1', '{"password": "***", "a": 1'),
        (f"password={SECRET}&a=1", "password=***&a=1"),
        (f"a=1&token={SECRET}", "a=1&token=***"),
        ("passwords=1&a=1", "passwords=1&a=1"),
    ],
)
def test_the_rest_of_a_text_is_kept(text: str, masked: str) -> None:
    assert MASKING.text(text) == masked


def test_header_fields_are_listed_as_pairs() -> None:
    assert pairs({"a": "1", "b": "2"}) == [("a", "1"), ("b", "2")]


def test_a_secret_number_is_masked_and_an_empty_value_is_not() -> None:
    assert MASKING.value({"password": 1234}) == {"password": MASK}
    assert MASKING.value({"password": "", "token": None, "secret": True}) == {
        "password": "",
        "token": None,
        "secret": True,
    }


def test_masking_a_value_makes_a_copy() -> None:
    value = {"password": SECRET}
    MASKING.value(value)
    assert value == {"password": SECRET}


def test_the_scheme_of_a_credential_is_kept() -> None:
    headers = [("Authorization", f"Token {SECRET}"), ("COOKIE", SECRET), ("Accept", "x")]
    assert MASKING.headers(headers) == {"Authorization": f"Token {MASK}", "COOKIE": MASK, "Accept": "x"}


def test_a_header_that_is_not_utf_8_can_still_be_shown() -> None:
    shown = MASKING.headers([("X", "a\udcff"), ("Authorization", "Token \udcff")])
    assert json.dumps(shown).encode()
    assert Unmasked().headers([("X", "a\udcff")]) == {"X": "a?"}


def test_query_parameters_are_masked_and_the_path_is_not() -> None:
    target = f"/token/1?a=1&client_secret={SECRET}&TOKEN={SECRET}&token&b"
    assert MASKING.target(target) == f"/token/1?a=1&client_secret={MASK}&TOKEN={MASK}&token&b"
    assert MASKING.target("/token=1") == "/token=1"


def test_a_query_parameter_whose_name_is_escaped_is_masked_too() -> None:
    assert SECRET not in MASKING.target(f"/?client%5Fsecret={SECRET}")


BODIES = [
    json.dumps({"password": SECRET}),
    json.dumps({"list": [{"password": SECRET}]})[:-2],
    f'{{"password": "{SECRET}',
    f'{{"client_secret" :\n"{SECRET}\\"{SECRET}", "a": ',
    f'{{"password": {SECRET}, "a": 1',
    f"grant_type=x&client_secret={SECRET}",
    f"password={SECRET}&a=1",
    f"{{'password': '{SECRET}'}}",
    f'{{"client\\u005fsecret": "{SECRET}", ',
    f'{{"\\u0070assword": "{SECRET}',
    f'{{"password": [1, "{SECRET}"',
    f'{{"password": {{"value": "{SECRET}", "a": 1',
    f'{{"webhook_secret": "{SECRET}',
    f'{{"text": "{{\\"password\\": \\"{SECRET}\\"}}", ',
    f"client%5Fsecret={SECRET}&a=1",
    f"a=1&%70assword={SECRET}",
    f"user[password]={SECRET}",
    f'{{"op": "replace", "path": "password", "value": "{SECRET}',
    json.dumps({"op": "replace", "path": "password", "value": SECRET}),
    json.dumps({"Operations": [{"Op": "add", "Path": f"{USER}:Password", "Value": SECRET}]}),
    json.dumps({"op": "replace", "path": "/password", "value": [SECRET]}),
    json.dumps({"endpoint": f"https://user:{SECRET}@host.example/path"}),
    json.dumps([f"see https://{SECRET}@host.example"]),
    json.dumps({"location": f"https://host.example/?a=1&auth_token={SECRET}"}),
    f'{{"endpoint": "https:\\/\\/user:{SECRET}@host.example',
]


@pytest.mark.parametrize("body", BODIES)
def test_a_secret_in_a_body_is_masked_whether_or_not_the_body_is_json(body: str) -> None:
    shown = json.dumps(MASKING.body(body.encode()))
    assert SECRET not in shown
    assert MASK in shown


@given(st.dictionaries(st.text(), st.text()), st.integers(0, 200))
def test_a_json_body_that_was_truncated_anywhere_shows_no_secret(others: dict[str, str], cut: int) -> None:
    body = json.dumps({**others, "password": SECRET, **others}).encode()
    assert SECRET not in json.dumps(MASKING.body(body[: len(body) - cut]))


def test_a_body_that_is_nested_too_deeply_to_be_encoded_again_is_shown_as_text() -> None:
    body = b"[" * 900 + b"]" * 900
    assert MASKING.body(body) == body.decode()


def test_a_body_without_secrets_is_shown_as_it_is() -> None:
    assert MASKING.body(b'{"a": [1, null]}') == {"a": [1, None]}
    assert MASKING.body(b"a=1&b=2") == "a=1&b=2"
    assert MASKING.body(b"\xff") == "�"
    assert MASKING.body(b"") is None


@pytest.mark.parametrize("body", [SECRET, f'"{SECRET}"', "12345", f'"{SECRET}'])
def test_a_body_that_is_a_secret_is_masked_however_it_is_written(body: str) -> None:
    masking = Masking(bodies=["refresh"])
    assert masking.body(body.encode(), "refresh") == MASK
    assert masking.body(b"", "refresh") is None
    assert masking.body(b'{"message": "no"}', "refresh") == {"message": "no"}
    assert MASKING.body(b'"plain"', "refresh") == "plain"


def test_a_reader_who_asks_for_the_secrets_sees_everything() -> None:
    shown = Unmasked()
    assert shown.body(f"password={SECRET}".encode()) == f"password={SECRET}"
    assert shown.value({"password": SECRET}) == {"password": SECRET}
    assert shown.target(f"/?token={SECRET}") == f"/?token={SECRET}"
    assert shown.headers([("Authorization", SECRET)]) == {"Authorization": SECRET}


CREDENTIALS = [
    "X-Api-Key",
    "Private-Token",
    "X-Auth-Token",
    "X-Amz-Signature",
    "Session-Id",
    "Set-Cookie",
    "servicePassword",
]


@pytest.mark.parametrize("name", [*CREDENTIALS, "BoxyHQ-Signature", "Proxy-Authorization", "Cookie", "X-Client-Secret"])
@pytest.mark.parametrize(
    "value", [SECRET, f"session={SECRET}; other=1", f"{SECRET} ", f"{SECRET} x", f"Bearer {SECRET}"]
)
def test_a_header_that_carries_a_credential_shows_no_part_of_it(name: str, value: str) -> None:
    shown = MASKING.headers([(name, value)])[name]
    assert SECRET not in shown
    assert MASK in shown


def test_a_header_that_carries_no_credential_is_shown() -> None:
    headers = {
        "WWW-Authenticate": 'Bearer realm="x"',
        "Idempotency-Key": "1",
        "ETag": 'W/"1"',
        "Referer": "http://a.example/?b=1",
    }
    assert MASKING.headers(pairs(headers)) == headers


@pytest.mark.parametrize("name", ["Location", "Referer", "Link"])
@pytest.mark.parametrize(
    "url", [f"https://user:{SECRET}@host.example/a?b=1", f"https://host.example/?a=1&token={SECRET}"]
)
def test_the_secrets_of_a_url_in_a_header_are_masked(name: str, url: str) -> None:
    shown = MASKING.headers([(name, url)])[name]
    assert SECRET not in shown
    assert "host.example/" in shown


TARGETS = [
    f"/?auth_token={SECRET}",
    f"/?a=1&webhook_secret={SECRET}",
    f"/?webhook%5fsecret={SECRET}",
    f"/?X-Api-Key={SECRET}",
    f"http://user:{SECRET}@host.example/a",
    f"/?url=https://user:{SECRET}@host.example/a",
    f"/?url=https%3A%2F%2Fuser%3A{SECRET}%40host.example",
    f"/?url=https%3A%2F%2Fhost.example%2F%3Ftoken%3D{SECRET}",
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_shows_no_secret_even_where_no_document_names_it(target: str) -> None:
    shown = Masking().target(target)
    assert SECRET not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "target", ["/a@b", "/?email=a@b.example&url=https%3A%2F%2Fa.example", "/?token_type=x", "/?a=%ff"]
)
def test_a_target_without_secrets_is_shown_as_it_is(target: str) -> None:
    assert MASKING.target(target) == target


def test_objects_and_paths_that_only_sound_secret_are_shown() -> None:
    value = {
        "changePassword": {"supported": True},
        "token_type": "bearer",
        "hasSecret": True,
        "operations": [{"op": "replace", "path": "displayName", "value": "Ann"}],
        "path": "/a",
        "url": "https://host.example/?a=1",
    }
    assert MASKING.value(value) == value


HOSTILE = [
    "://",
    "'",
    '"',
    '"a',
    '\\"',
    "a",
    "a ",
    "%",
    '"a" ',
    "token",
    '"path":"',
    ":\\/\\/",
    '"password":',
    "password=",
    "{",
    "@",
    "://a:",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_masking_takes_time_in_proportion_to_the_text(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        start = time.process_time()
        MASKING.text(text)
        MASKING.target("/?" + text)
        return time.process_time() - start

    assert min(seconds(400_000) for _ in range(2)) < 2
