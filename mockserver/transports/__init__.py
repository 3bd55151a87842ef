"""How requests get in and responses out: over the network, or within the process."""
