"""Translates a few words, and keeps what it has translated."""

import hashlib
import json
import os

import wit_world

CACHE = "/var/cache/translate"
WORDS = {"the": "der", "house": "Haus", "is": "ist", "red": "rot", "and": "und", "old": "alt"}


class WitWorld(wit_world.WitWorld):
    def invoke(self, input: bytes) -> bytes:
        path = f"{CACHE}/{hashlib.sha256(input).hexdigest()[:16]}.json"
        try:
            with open(path) as file:
                kept = json.load(file)
            if isinstance(kept, dict) and isinstance(kept.get("text"), str):
                return kept["text"].encode()
        except (OSError, ValueError):
            pass
        text = " ".join(WORDS.get(word.lower(), word) for word in input.decode("utf-8", "replace").split())
        os.makedirs(CACHE, exist_ok=True)
        with open(path, "w") as file:
            json.dump({"text": text}, file)
        return text.encode()
