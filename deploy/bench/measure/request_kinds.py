"""What `compare` asks for: the kinds of requests, and what each is answered from."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

SCRIPTS = Path(__file__).parents[1]

# The most common status and frequency of the works that `worksctl generate` makes up: a third of all are in both.
FILTERS = {"status": "0", "run_frequency": "once"}
ITEMS = 10
DEEP_PAGE = 10_000


@dataclass(frozen=True)
class Kind:
    """A kind of request; `script` is wrk's, for those that are not all the same GET."""

    name: str
    title: str
    target: str = ""
    script: Path | None = None

    @property
    def is_write(self) -> bool:
        return self.script is not None


def kinds(work_id: str, total: int) -> dict[str, Kind]:
    """`total` is how many works pass the filters: the deep page is the 10,000th, or the middle one of fewer."""
    deep = min(DEEP_PAGE, total // ITEMS // 2)
    listed = "/api/v1/works?"
    found = [
        Kind("one", "GET of one work", f"/api/v1/works/{work_id}"),
        Kind("list", "a page of ten", listed + urlencode({"limit": ITEMS})),
        Kind("filtered", "a page of ten by two filters", listed + urlencode(FILTERS | {"limit": ITEMS})),
        Kind("deep", f"page {deep:,} of those", listed + urlencode(FILTERS | {"limit": ITEMS, "offset": deep})),
        Kind("search", "a search for two characters", "/api/v1/works/search?" + urlencode({"name": "订单"})),
        Kind("create", "creating a work", "/api/v1/works", script=SCRIPTS / "create.lua"),
        Kind("patch", "a PATCH of the status", script=SCRIPTS / "patch.lua"),
    ]
    return {kind.name: kind for kind in found}


NAMES = ("one", "list", "filtered", "deep", "search", "create", "patch")
