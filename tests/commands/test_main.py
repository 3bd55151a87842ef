"""The command line itself, whatever the command."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from importlib import import_module

import pytest

from mockserver.commands.main import COMMANDS, main


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    output = capsys.readouterr().out
    assert stopped.value.code == 0
    assert [name for name in COMMANDS if name not in output] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_in_the_help_of_a_command_have_options_that_the_command_takes(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    _, _, examples = capsys.readouterr().out.partition("\nexamples:\n")
    module = import_module(f"mockserver.commands.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser(exit_on_error=False)
    module.arguments(parser)
    for line in examples.splitlines():
        program, command, *given = shlex.split(line)
        assert (program, command) == ("mockserver", name)
        parser.parse_args(given)
    assert examples


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_explained(name: str) -> None:
    module = import_module(f"mockserver.commands.{name.replace('-', '_')}")
    parser = argparse.ArgumentParser()
    module.arguments(parser)
    assert [action.dest for action in parser._actions if not action.help] == []


def test_an_unknown_command_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["server"])
    assert stopped.value.code == 2
    assert "serve" in capsys.readouterr().err


def test_a_command_ends_quietly_when_the_reader_of_its_output_has_ended() -> None:
    command = [sys.executable, "-m", "mockserver", "operations", "netfoundry"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0
