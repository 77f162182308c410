"""What a revision can say to ``op``: each file here holds the directives about one thing."""
