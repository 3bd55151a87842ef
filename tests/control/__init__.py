"""Tests of the control plane, one module for each module of `mockserver.control`."""
