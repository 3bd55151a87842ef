"""The options of `mockserver serve` refuse values that have no meaning."""

from __future__ import annotations

import pytest

from mockserver.commands.main import main


@pytest.mark.parametrize(
    "arguments",
    [
        ["--control-token", ""],
        ["--state", ""],
        ["--host", " "],
        ["--external-url", ""],
        ["--allow-host", ""],
        ["--webhook-allow", ""],
        ["--journal", "0"],
        ["--journal", "-1"],
        ["--max-worlds", "0"],
        ["--max-body", "-5"],
        ["--max-body", "1e3"],
        ["--seed", "9223372036854775808"],
    ],
)
def test_an_impossible_value_is_an_error_that_names_the_option(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["serve", *arguments])
    assert stopped.value.code == 2
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--option", "nosuch.x=1"], "nosuch.x"),
        (["--option", "vcf.json-bodys=true"], '"vcf.json-bodies"'),
        (["--option", "vcf.json-bodies=yes"], "true or false"),
        (["--option", "vcf.precheck=maybe"], "WARNING"),
        (["--scenario", "acm"], '"acme"'),
        (["--service", "netbrid"], '"netbird"'),
    ],
)
def test_an_unknown_name_is_an_error_with_the_nearest_right_one(
    arguments: list[str], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 2
    assert hint in capsys.readouterr().err
