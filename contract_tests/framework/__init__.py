"""What the contract tests stand on. It speaks HTTP only, and knows nothing of the inside of the mock."""
