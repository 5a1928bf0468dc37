"""Where things are in the project."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
EMULATOR = ROOT / ".venv-emulator" / "bin" / "ministack"
AGENCIES = ROOT / "infra" / "agencies"
STACK_FILES = ROOT / "infra" / "stack"
GENERATED = STACK_FILES / "generated.json"
