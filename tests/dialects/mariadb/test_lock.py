"""One migrator at a time, and waiting for a table without keeping others waiting."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from flask_schemamigrate.dialects import for_engine
from flask_schemamigrate.dialects.mysql.lock import LONGEST, lock_name


@pytest.fixture
def locks(engine):
    """Makes locks as several processes would, and gives them back."""
    made = []

    def new(name="schemamigrate"):
        lock = for_engine(engine).migration_lock(engine, name)
        made.append(lock)
        return lock

    yield new
    for lock in made:
        lock.release()


def test_only_one_has_the_lock(locks):
    first, second = locks(), locks()

    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()


def test_another_name_is_another_lock(locks):
    assert locks("one").acquire()
    assert locks("two").acquire()


def test_another_database_is_another_lock(locks, shared, new_database):
    other = new_database(shared.name).engine()
    with other.connect():
        pass
    lock = for_engine(other).migration_lock(other, "schemamigrate")

    assert locks().acquire()
    assert lock.acquire()
    lock.release()


def test_the_holder_can_be_told(locks):
    first, second = locks(), locks()
    first.acquire()
    assert not second.acquire()

    holder = second.holder()

    assert holder is not None
    assert holder.pid == str(os.getpid())
    assert holder.session.isdigit()
    assert "@" in holder.host
    assert holder.since
    assert holder.doing == ""


def test_a_lock_that_nobody_has_has_no_holder(locks):
    assert locks().holder() is None


def test_the_lock_goes_with_its_session(locks, engine):
    first, second = locks(), locks()
    first.acquire()
    holder = first.holder()
    with engine.connect() as connection:
        connection.exec_driver_sql(f"KILL {holder.session}")

    query = "SELECT count(*) FROM information_schema.processlist WHERE id = "
    with engine.connect() as connection:
        while connection.exec_driver_sql(query + holder.session).scalar():
            connection.rollback()
    assert second.acquire()


def test_releasing_twice_or_unheld_is_harmless(locks):
    lock = locks()
    lock.release()
    lock.acquire()
    lock.release()
    lock.release()


def test_a_lock_name_fits():
    assert len(lock_name("n" * 500, "d" * 64)) <= LONGEST
    assert lock_name("a", "d") != lock_name("b", "d")


def test_session_locks_hold_outside_a_cluster(engine):
    with engine.connect() as connection:
        assert for_engine(engine).session_locks_hold(connection)


def test_ddl_gives_up_waiting_and_the_one_in_its_way_is_named(engine):
    dialect = for_engine(engine)
    with engine.connect() as reading, engine.connect() as changing:
        changing.exec_driver_sql("CREATE TABLE t (id INT)")
        reading.exec_driver_sql("SELECT * FROM t")
        pid = reading.exec_driver_sql("SELECT CONNECTION_ID()").scalar()
        for statement in dialect.lock_timeout_statements(0.2):
            changing.exec_driver_sql(statement)

        with pytest.raises(sa.exc.OperationalError) as caught:
            changing.exec_driver_sql("ALTER TABLE t ADD COLUMN a INT")

        assert dialect.is_lock_timeout(caught.value)
        assert str(pid) in [holder.session for holder in dialect.blockers(changing)]
        reading.rollback()
        changing.exec_driver_sql("SET SESSION lock_wait_timeout = DEFAULT")


def test_another_error_is_no_lock_timeout(engine):
    dialect = for_engine(engine)
    with engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError) as caught:
        connection.exec_driver_sql("SELECT * FROM no_such_table")

    assert not dialect.is_lock_timeout(caught.value)
    assert not dialect.is_lock_timeout(ValueError())
