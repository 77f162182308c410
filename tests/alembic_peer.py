"""Runs real Alembic on one database, in an environment of its own; ``compare_with_alembic`` asks.

Nothing of the project is imported here: the Python that runs this file need not have it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

ENV = """
import json
from alembic import context
import sqlalchemy as sa

asked = context.config.attributes["asked"]
engine = sa.create_engine(asked["url"], poolclass=sa.pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=sa.MetaData(naming_convention=asked.get("naming_convention")),
        transaction_per_migration=True,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations(**asked.get("arguments", {}))
"""


def main() -> None:
    """Carry out the requests that come in as lines of JSON, and answer each with one."""
    from alembic import command
    from alembic.config import Config

    warnings.simplefilter("ignore")
    answers = sys.stdout
    sys.stdout = sys.stderr
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "env.py").write_text(ENV)
            config = Config()
            config.set_main_option("script_location", folder)
            config.set_main_option("path_separator", "newline")
            config.set_main_option("version_locations", "\n".join(asked["locations"]))
            config.set_main_option("recursive_version_locations", "true")
            config.attributes["asked"] = asked
            sys.path[:0] = asked.get("path", [])
            start = time.perf_counter()
            answer: dict[str, Any] = {}
            try:
                getattr(command, asked["do"])(config, asked["to"])
            except (Exception, SystemExit) as error:
                answer["error"] = f"{type(error).__name__}: {error}".splitlines()[0][:300]
            answer["seconds"] = time.perf_counter() - start
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
