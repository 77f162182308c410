"""Everything the command line can do, one function per verb; floor 5 of the house.

``running``    upgrade, downgrade
``stamping``   stamp
``resolving``  resolve
``restoring``  restore, and what downgrade takes back without a file
``logged``     log
``planning``   what upgrade and downgrade would do
``seeding``    seed
``scripting``  upgrade, downgrade and stamp as SQL scripts
``migrating``  migrate, check
``writing``    revision, merge, edit
``rebasing``   rebase
``looking``    current, history, heads, branches, show, graph, status
``stale``      the part of check that is about the file of heads

What several verbs share: ``databases`` knows where each database stands, ``deciding`` what is to
be done there, and ``carrying`` does it. What speaks SQL is imported where something is done, so
that a command with nothing to do needs no more time than it takes to find out.

Each takes an `Environment` and returns typed results, raises typed errors, prints nothing.
"""

from ..environment import Environment

__all__ = ["Environment"]
