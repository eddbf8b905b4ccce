"""Keeps notes in a log, of which the old part is moved away when it has grown."""

import os

import wit_world

LOG = "/var/log/notes/notes.log"
BYTES_MAX = 200
KEPT = 2


def rotate():
    if not os.path.exists(LOG) or os.path.getsize(LOG) < BYTES_MAX:
        return
    for number in range(KEPT, 0, -1):
        older = f"{LOG}.{number}"
        newer = f"{LOG}.{number - 1}" if number > 1 else LOG
        if os.path.exists(newer):
            os.replace(newer, older)


class WitWorld(wit_world.WitWorld):
    def invoke(self, input: bytes) -> bytes:
        os.makedirs(os.path.dirname(LOG), exist_ok=True)
        rotate()
        with open(LOG, "ab") as log:
            log.write(input)
        return f"{len(input.splitlines())} noted".encode()
