"""The control plane's operations on one world. Each test has a fresh world, with every service in it."""
