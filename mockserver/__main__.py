"""`python -m mockserver`."""

from mockserver.commands.main import main

raise SystemExit(main())
