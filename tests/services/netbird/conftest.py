"""An account for every test."""

from __future__ import annotations

import pytest

from tests.services.netbird.account import Account


@pytest.fixture
def account() -> Account:
    """An account without providers and integrations."""
    return Account()
