"""Every change is found, runs up, leaves nothing to find, runs down to what was, and up again."""

from __future__ import annotations

import pytest

from tests.autogenerate.cases import CASES
from tests.autogenerate.corner_cases import CORNERS
from tests.autogenerate.enum_cases import ENUMS
from tests.autogenerate.models import metadata
from tests.autogenerate.named_cases import NAMED

EACH = [
    pytest.param(kind, case, id=f"{kind}-{name}")
    for name, case in {**CASES, **CORNERS, **ENUMS, **NAMED}.items()
    for kind in sorted(case.on)
]


@pytest.mark.parametrize(("kind", "case"), EACH)
def test_a_change_runs_up_and_down_and_up_again(new_room, kind, case):
    room = new_room(kind)
    room.reach(metadata(*case.before))
    first = room.read()

    resolved = room.resolved(metadata(*case.after), case.answers)
    source = room.written(resolved)
    assert resolved.lines
    room.run(source.upgrade, source.imports)
    assert room.resolved(metadata(*case.after)).lines == []

    room.run(source.downgrade, source.imports)
    assert room.read() == first or case.reworded
    assert room.resolved(metadata(*case.before)).lines == []

    room.run(source.upgrade, source.imports)
    assert room.resolved(metadata(*case.after)).lines == []
