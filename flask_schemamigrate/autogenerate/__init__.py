"""What models and database differ in, and the revision that says so; floor 3 of the house."""

from . import baseline
from .answers import Answers
from .compare import compare
from .decisions import (
    AsItIs,
    Constant,
    Decisions,
    Fill,
    Nullable,
    ServerDefault,
    SQLExpression,
    fill,
)
from .destructive import Loss, counted, losses
from .difference import Difference, Hints
from .downgrade import reversed_operations
from .fitting import refuse_unknown, refuse_unused
from .name import message_for
from .options import Options
from .questions import (
    FillQuestion,
    Question,
    RenameQuestion,
    RenameTableQuestion,
    RenameValueQuestion,
)
from .render import Source, render
from .resolve import Resolved, lines, questions, resolve

__all__ = [
    "Answers",
    "AsItIs",
    "Constant",
    "Decisions",
    "Difference",
    "Fill",
    "FillQuestion",
    "Hints",
    "Loss",
    "Nullable",
    "Options",
    "Question",
    "RenameQuestion",
    "RenameTableQuestion",
    "RenameValueQuestion",
    "Resolved",
    "SQLExpression",
    "ServerDefault",
    "Source",
    "baseline",
    "compare",
    "counted",
    "fill",
    "lines",
    "losses",
    "message_for",
    "questions",
    "refuse_unknown",
    "refuse_unused",
    "render",
    "resolve",
    "reversed_operations",
]
