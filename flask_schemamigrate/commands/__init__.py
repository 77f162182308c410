"""Everything the command line can do, one function per verb; floor 5 of the house.

``running``    upgrade, downgrade
``stamping``   stamp
``resolving``  resolve
``logged``     log
``planning``   what upgrade and downgrade would do
``seeding``    seed
``scripting``  upgrade, downgrade and stamp as SQL scripts
``migrating``  migrate, check
``writing``    revision, merge, edit
``rebasing``   rebase
``looking``    current, history, heads, branches, show, graph, status

Each takes an `Environment` and returns typed results, raises typed errors, prints nothing.
"""

from ..environment import Environment

__all__ = ["Environment"]
