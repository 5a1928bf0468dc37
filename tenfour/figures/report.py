"""Make a report by the options of the command, and write its files."""

from datetime import date
from pathlib import Path

from msgspec import Struct

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.ask import report
from chalicelib.insight.figures.document import Document
from chalicelib.insight.figures.quarter import NoQuarter, Quarter
from chalicelib.insight.figures.wording import LANGUAGES
from chalicelib.insight.settings.files import load_settings
from tenfour.figures.pdf import pdf
from tenfour.figures.render import as_csv, counted_until, html, html_index, markdown
from tenfour.figures.source import agency_of, opened

SITE = Path("public-report")


class BadOrder(ValueError):
    """Options that do not go together, or lack one."""


class Order(Struct, frozen=True, kw_only=True):
    """The report that is wanted, its quarter and its place."""

    quarter: Quarter
    form: str = "html"
    language: str = "en"
    public: bool = False
    out: Path | None = None
    baseline: tuple[date, date] | None = None
    lake: Path | None = None
    settings: Path | None = None
    stack: Path | None = None
    agency: str | None = None
    today: date


def make(order: Order) -> tuple[Path, ...]:
    """Write a report and return its files; BadOrder, InvalidSettings, one of UNREACHABLE."""
    _check(order)
    agency = load_settings(order.settings) if order.settings else agency_of(order.stack, order.agency)
    document = composed(order, agency)
    if order.public:
        return write_site(document, agency, order.language, order.out or SITE)
    path = order.out or Path(f"report-{order.quarter.name}.{order.form}")
    path.write_bytes(rendered(document, order.form))
    return (path,)


def composed(order: Order, agency: Agency) -> Document:
    """Ask the lake for the quarter, and put it in words."""
    with opened(order.lake, order.stack) as source:
        return report(source, agency, order.quarter, order.language, order.today, order.baseline)


def rendered(document: Document, form: str) -> bytes:
    """Return a report in one of its forms."""
    if form == "pdf":
        return pdf(document)
    write = {"html": html, "md": markdown, "csv": as_csv}[form]
    # Without its mark, Excel reads UTF-8 as windows-1252.
    return write(document).encode("utf-8-sig" if form == "csv" else "utf-8")


def write_site(document: Document, agency: Agency, language: str, folder: Path) -> tuple[Path, ...]:
    """Write the quarter's page into a site, and its index anew; other quarters' pages stay."""
    folder.mkdir(parents=True, exist_ok=True)
    page, index = folder / f"{document.quarter}.html", folder / "index.html"
    page.write_text(html(document, index=True), encoding="utf-8")
    index.write_text(html_index(agency, _quarters(folder), language), encoding="utf-8")
    return page, index


def _quarters(folder: Path) -> dict[Quarter, date | None]:
    """Return the quarters whose pages a site has, each with the day up to which its page counts it in part."""
    found = {}
    for path in folder.glob("*.html"):
        try:
            quarter = Quarter.named(path.stem)
        except NoQuarter:  # the index, or a page of the agency's own
            continue
        found[quarter] = counted_until(path.read_text(encoding="utf-8"))
    return found


def _check(order: Order) -> None:
    if order.language not in LANGUAGES:
        raise BadOrder(f"--language: {order.language!r} is none of {', '.join(LANGUAGES)}")
    if bool(order.lake) != bool(order.settings):
        raise BadOrder("--lake and --settings go together: a folder, and whose it is")
    if order.quarter.first > order.today:
        raise BadOrder(f"--quarter: {order.quarter.name} has not begun")
