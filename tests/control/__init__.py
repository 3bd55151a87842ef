"""The control plane: each module of it by the operations it answers."""
