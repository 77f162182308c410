"""What a test of revisions could not try, and says in the summary."""

NOTE = "schemamigrate"
"""The property of a test's report that holds such a note."""
