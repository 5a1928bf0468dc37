"""Write the domain's modules of phrases: `make words`."""

import sys
from pathlib import Path

from rigs.words.build import Clash, modules
from rigs.words.files import WrongFile, books

ROOT = Path(__file__).parents[2]
PHRASES = ROOT / "chalicelib" / "words" / "phrases"
DOMAIN = ROOT / "chalicelib" / "domain"


def built(phrases: Path = PHRASES) -> dict[str, str]:
    """Return each generated module by its file's name."""
    written = sorted(path.stem for path in phrases.parent.glob("*.toml"))
    return modules(books(phrases), written)


def main() -> int:
    """Write the modules, and take away those of languages that are no more."""
    try:
        made = built()
    except (WrongFile, Clash) as problem:
        print(problem, file=sys.stderr)
        return 1
    for path in DOMAIN.glob("phrases_*.py"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (DOMAIN / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
