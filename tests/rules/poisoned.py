"""Published strings that try to break a list. They are not shipped: whoever reads them skips without them."""

import os
from pathlib import Path

VECTORS = Path(os.environ.get("FLAGSTONE_VECTORS") or Path(__file__).resolve().parents[3] / "shared" / "vectors") / "ssrf_payloads.tsv"


def poison():
    for line in VECTORS.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if not line.startswith("#") and fields[1].startswith("feed"):
            yield fields[3].encode("ascii").decode("unicode_escape") if fields[1].endswith("+e") else fields[3]
