"""What every test can use: databases, and the stories in tests/scenarios/."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester", "tests.databases.plugin", "tests.scenarios.plugin"]

# How long hypothesis may take says something of the machine, and nothing of the law.
settings.register_profile(
    "laws", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("laws")
