"""What the server costs, as ratios measured in one run. `python -m benchmarks`."""
