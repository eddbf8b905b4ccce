"""Writes a list as its user wants it."""

import html
import os

import wit_world

STYLES = {
    "plain": (lambda items: [f"* {item}" for item in items]),
    "html": (lambda items: ["<ul>", *(f"  <li>{html.escape(item)}</li>" for item in items), "</ul>"]),
    "numbered": (lambda items: [f"{number}. {item}" for number, item in enumerate(items, start=1)]),
}


class WitWorld(wit_world.WitWorld):
    def invoke(self, input: bytes) -> bytes:
        items = [line.strip() for line in input.decode("utf-8", "replace").splitlines() if line.strip()]
        style = STYLES.get(os.environ.get("MARKUP_STYLE", "plain"), STYLES["plain"])
        return "\n".join(style(items)).encode()
