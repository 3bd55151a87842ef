"""The control plane, asked over the core."""
