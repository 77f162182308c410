"""What every test can use: databases, and the stories in tests/scenarios/."""

from __future__ import annotations

pytest_plugins = ["pytester", "tests.databases.plugin", "tests.scenarios.plugin"]
