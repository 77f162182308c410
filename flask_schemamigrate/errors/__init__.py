"""Every error that can be raised, one class per situation a caller might tell apart.

    SchemaMigrateError
    ├── SetupError           the app, its configuration, its models
    ├── RevisionError        the files, the graph, an identifier
    ├── OperationError       what a revision asked for
    ├── DatabaseError        the driver, the server, its answers
    ├── RunError             carrying revisions out
    └── RefusedForSafety     rows would be lost
"""

from .connecting import (
    Address,
    CannotConnect,
    DriverNotInstalled,
    NoSuchDatabase,
    PasswordRefused,
    ServerDown,
)
from .root import (
    DatabaseError,
    OperationError,
    RefusedForSafety,
    RevisionError,
    RunError,
    SchemaMigrateError,
    SetupError,
)
from .setup import (
    AlreadyInitialised,
    BadConfigValue,
    CommandClash,
    CommandElsewhere,
    DatabaseNotInitialised,
    ModelsNotImportable,
    ModelsWithoutDatabase,
    NoAppFound,
    NoDatabase,
    NoModelsSeen,
    NotInitialised,
    SeedNameTaken,
    UnknownBind,
    UnknownConfigKey,
    UnknownOption,
    UnusableUrl,
)

__all__ = [
    "Address",
    "AlreadyInitialised",
    "BadConfigValue",
    "CannotConnect",
    "CommandClash",
    "CommandElsewhere",
    "DatabaseError",
    "DatabaseNotInitialised",
    "DriverNotInstalled",
    "ModelsNotImportable",
    "ModelsWithoutDatabase",
    "NoAppFound",
    "NoDatabase",
    "NoModelsSeen",
    "NoSuchDatabase",
    "NotInitialised",
    "OperationError",
    "PasswordRefused",
    "RefusedForSafety",
    "RevisionError",
    "RunError",
    "SchemaMigrateError",
    "SeedNameTaken",
    "ServerDown",
    "SetupError",
    "UnknownBind",
    "UnknownConfigKey",
    "UnknownOption",
    "UnusableUrl",
]
