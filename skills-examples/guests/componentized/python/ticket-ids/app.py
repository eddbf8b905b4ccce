"""Gives each line of a list an identifier."""

import secrets

import wit_world

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class WitWorld(wit_world.WitWorld):
    def invoke(self, input: bytes) -> bytes:
        lines = []
        for line in input.decode("utf-8", "replace").splitlines():
            identifier = "".join(secrets.choice(LETTERS) for _ in range(8))
            lines.append(f"{identifier} {line}")
        return "\n".join(lines).encode()
