"""The version of this package, for the command line, the control plane and reports."""

VERSION = "0.1.0"
