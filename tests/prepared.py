"""The environment in ``.venv`` that the project's own scripts run in, made when it is needed.

It only uses the standard library, because there is nothing else before it has done its work.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this may have an older one
    sys.exit(f"Python 3.11 or later is needed; {sys.executable} is {sys.version.split()[0]}.")


def prepare(extras: str) -> None:
    """Have the project installed with these extras; a stamp in .venv says for what it was made."""
    stamp = VENV / f"installed-{extras}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + Path(__file__).read_bytes())
    written = f"{sys.version}\n{wanted.hexdigest()}\n"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == written:
        return
    if not is_usable():
        say(f"Making .venv with Python {sys.version.split()[0]}")
        run(sys.executable, "-m", "venv", "--clear", str(VENV))
    say(f"Installing the project with {extras}")
    pip = (str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input")
    run(*pip, "install", "--quiet", "--editable", f"{ROOT}[{extras}]")
    stamp.write_text(written)


def is_usable() -> bool:
    """Whether the environment has pip and the very Python that runs this file."""
    if not PYTHON.exists():
        return False
    asked = [str(PYTHON), "-c", "import pip, sys; print(sys.version)"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.stdout.strip() == sys.version.strip()


def run(*command: str, **options: object) -> None:
    """Run a step; nothing goes on without it."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, **options)  # type: ignore[call-overload]
    if done.returncode:
        sys.exit(done.returncode)


def say(step: str) -> None:
    """Head the output of the next step."""
    print(f"== {step}", flush=True)
