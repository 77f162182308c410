"""The verbs: each in the module of its name, and here what ``flask db --help`` says of them."""

from __future__ import annotations

SECTIONS = {
    "Every day": {
        "migrate": "Write a revision with what changed in the models.",
        "upgrade": "Carry out the revisions that are pending.",
        "downgrade": "Take revisions back.",
        "status": "Say how the databases and the revisions stand.",
        "seed": "Run the functions that put rows into the database.",
    },
    "Looking": {
        "current": "Show the revision each database is at.",
        "history": "List the revisions, newest first.",
        "show": "Show a revision.",
        "heads": "Show the newest revision of each branch.",
        "branches": "Show where the revisions branch.",
        "graph": "Draw the revisions, applied and pending.",
        "log": "List what was ever done to the databases.",
        "check": "Say whether the models and the databases differ.",
    },
    "Writing": {
        "revision": "Write an empty revision to fill in by hand.",
        "edit": "Open a revision in your editor.",
        "merge": "Join several heads into one.",
        "rebase": "Put your revisions on top of the other head.",
    },
    "Mending": {
        "stamp": "Record a revision as applied without carrying it out.",
        "resolve": "Settle how a revision that stopped midway is to be taken.",
        "restore": "Write the files of applied revisions that are gone.",
    },
    "Coming from Alembic, and going back": {
        "import-alembic": "Take over Alembic's revisions and configuration.",
        "export-alembic": "Give the revisions and databases back to Alembic.",
    },
    "For those used to Flask-Migrate": {
        "init": "Nothing to set up; says where the revisions are.",
        "list-templates": "Nothing to choose; says where the template is.",
    },
}

HELP = {name: text for verbs in SECTIONS.values() for name, text in verbs.items()}
