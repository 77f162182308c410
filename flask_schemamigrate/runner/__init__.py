"""Carrying revisions out and remembering it; floor 3 of the house.

Nothing is here by name, because most commands need little of it: to import ``run`` and what it
needs takes longer than to find that there is nothing to do.

``history``, ``journal``, ``log``, ``version_table``   what is remembered in the database
``run``, ``preview``, ``script``                       carrying out, only looking, writing SQL
``events``, ``bystanders``                             what happens meanwhile, and who watches
``locking``, ``politeness``                            getting along with other sessions
"""
