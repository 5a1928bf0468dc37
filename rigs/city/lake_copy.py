"""A city's lake on this machine, copied again where it changed, so that DuckDB can answer in Athena's place."""

from pathlib import Path

from chalicelib.insight.figures.source import Result
from tenfour.common.reach import client
from tenfour.figures.local import LocalLake

FOLDER = "lake/"


class LakeCopy:
    """The lake in a bucket of the emulator's, as it is at the moment of each question. For one thread."""

    def __init__(self, endpoint: str, folder: Path) -> None:
        self._storage, self._folder = client("s3", endpoint), folder
        self._known: dict[str, str] = {}
        self._lake: LocalLake | None = None

    def query(self, bucket: str, sql: str) -> Result:
        """Run a query of Athena's over what the bucket has now."""
        listed = self._listed(bucket)
        if self._lake is None or listed != self._known:
            self._copy(bucket, listed)
            self._lake, self._known = LocalLake(self._folder), listed
        return self._lake.query(sql)

    def _listed(self, bucket: str) -> dict[str, str]:
        pages = self._storage.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=FOLDER)
        return {entry["Key"]: entry["ETag"] for page in pages for entry in page.get("Contents", ())}

    def _copy(self, bucket: str, listed: dict[str, str]) -> None:
        for gone in self._known.keys() - listed.keys():
            (self._folder / gone.removeprefix(FOLDER)).unlink()
        for key in sorted(key for key, tag in listed.items() if self._known.get(key) != tag):
            target = self._folder / key.removeprefix(FOLDER)
            target.parent.mkdir(parents=True, exist_ok=True)
            self._storage.download_file(bucket, key, str(target))
