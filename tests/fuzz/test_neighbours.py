"""Records of which some are unfit: each of the others is taken, whatever stands before it."""

import csv
import io

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.inbound.mapping.batch import mapper_of, read_mapped
from tests.factories import NOW
from tests.fuzz.many import many
from tests.fuzz.test_bodies import FIELDS

ODD_TIMES = ["0000-00-00 00:00:00", "0001-01-01T00:00:00", "1899-12-30", "9999-12-31 23:59:59", "31/02/2026", "24:00"]
ODD_TIMES += ["/Date(0)/", "/Date(253402300800000)/", "/Date(-62135596800000)/", "2026-03-08T02:30", "1" * 30, "-1"]
cells = st.sampled_from(ODD_TIMES) | st.text(max_size=9)
odd_records = st.fixed_dictionaries({}, optional=dict.fromkeys("ntwa", cells))


@many
@given(st.lists(odd_records, max_size=6), st.sampled_from(["json", "rows"]))
def test_a_record_or_a_date_that_is_unfit_costs_no_neighbour(tried, odd, kind):
    """docs/vendor/mapping.md: what does not fit is refused by name, and its neighbours are taken."""
    tried["records with odd dates among others"] += 1
    head = f'format = "{kind}"\ndates = ["iso", "epoch", "dotnet", "%m/%d/%Y"]\ntime_zone = "America/Denver"\n'
    mapper = mapper_of(f'{head}{FIELDS}arrived_at = "a"\nreceived_at = "r"')
    records = []
    for place, told in enumerate(odd):
        records += [told, {"n": f"G{place}", "t": NOW.isoformat(), "w": "NOISE", "a": "", "r": NOW.isoformat()}]
    written = io.StringIO()
    table = csv.DictWriter(written, [*"ntwar"], quoting=csv.QUOTE_ALL)
    table.writeheader()
    table.writerows(records)
    body = msgspec.json.encode(records) if kind == "json" else written.getvalue().encode(errors="replace")
    batch = read_mapped(mapper, body, "wh", "US", NOW) if odd else None

    assert not odd or {f"G{place}" for place in range(len(odd))} <= {one.incident_number for one in batch.updates}
    assert not odd or all(":" in one.error for one in batch.rejected)
