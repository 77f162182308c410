"""A small shop, to show what migrations look like in an app."""

from __future__ import annotations

import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from flask_schemamigrate import SchemaMigrate


class Base(DeclarativeBase):
    """The models' base; the convention gives every constraint a name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
migrate = SchemaMigrate()


def create_app() -> Flask:
    """The shop, on SQLite unless DATABASE_URL names another database."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///shop.db")
    db.init_app(app)
    migrate.init_app(app, db, models=["shop.models"])

    from . import commands, pages, seeds  # noqa: F401 - importing the seeds registers them

    app.register_blueprint(pages.blueprint)
    app.register_blueprint(commands.blueprint)
    return app
