"""A report with the date on it."""

from collections import Counter
from datetime import datetime, timezone

import wit_world


class WitWorld(wit_world.WitWorld):
    def invoke(self, input: bytes) -> bytes:
        levels = Counter(line.split(" ", 1)[0] for line in input.decode("utf-8", "replace").splitlines() if line)
        today = datetime.now(timezone.utc)
        lines = [f"Report of {today:%A, %d %B %Y}"]
        lines += [f"{level}: {count}" for level, count in sorted(levels.items())]
        return "\n".join(lines).encode()
