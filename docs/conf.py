"""How Sphinx builds the documentation: ``python -m sphinx -W -n docs docs/_build``."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from importlib.metadata import version as installed_version  # noqa: E402

project = "flask_schemamigrate"
author = "The flask_schemamigrate authors"
project_copyright = author
release = installed_version("flask-schemamigrate")
version = release

extensions = ["myst_parser", "pallets_sphinx_themes", "docs._ext"]
exclude_patterns = ["_build", "_ext"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

html_theme = "flask"
html_title = f"flask_schemamigrate {release}"
html_show_sourcelink = False
html_sidebars = {
    "index": ["globaltoc.html", "searchbox.html"],
    # Made by an extension of the theme's, which cannot draw a table of contents.
    "404": ["searchbox.html"],
    "**": ["localtoc.html", "globaltoc.html", "relations.html", "searchbox.html"],
}
# The theme would look a version's neighbours up on the network.
html_context = {"version_banner": False}
# Sessions in a terminal hold output, which no lexer knows.
highlight_language = "text"
