"""Which APIs there are, and the files that belong to each."""
