"""A ledger as its HTTP endpoints show it: tiles by C2SP tlog-tiles, events with their RFC 8785 form, proofs."""
import json
import urllib.error
import urllib.request

WIDTH = 256
HASH = 32


class Unchecked(Exception):
    """Nothing can be said: no connection, no right to read, no time for us now."""


class Refused(Exception):
    """The ledger does not give what a whole one has."""


class Ledger:
    def __init__(self, address, key):
        self.address, self.key = address.rstrip("/"), key

    def get(self, path):
        request = urllib.request.Request(f"{self.address}/v1/ledger/{path}", headers={"Authorization": f"Bearer {self.key}"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read()
        except urllib.error.HTTPError as refusal:
            problem = refusal.read(4000).decode(errors="replace")
            is_ours = refusal.code in (401, 403, 429) or refusal.code == 503 and "log_damaged" not in problem
            raise (Unchecked if is_ours else Refused)(f"{path}: HTTP {refusal.code} {problem}") from None
        except OSError as failure:
            raise Unchecked(f"{path}: {failure}") from None

    def json(self, path):
        return json.loads(self.get(path))

    def tile(self, level, index, width):
        """1234067 is x001/x234/067, and .p/W says how wide a tile is that is not full."""
        name, rest = f"{index % 1000:03d}", index // 1000
        while rest:
            name, rest = f"x{rest % 1000:03d}/{name}", rest // 1000
        octets = self.get(f"tile/{level}/{name}" + ("" if width == WIDTH else f".p/{width}"))
        if len(octets) != width * HASH:
            raise Refused(f"{len(octets)} bytes instead of {width * HASH}")
        return [octets[at:at + HASH] for at in range(0, len(octets), HASH)]

    def events(self):
        """All that the key may see, in order."""
        cursor = ""
        while cursor is not None:
            page = self.json(f"events?limit=1000{cursor and '&cursor=' + cursor}")
            yield from page["events"]
            cursor = page["nextCursor"]


def canonical(value):
    """RFC 8785: members in order of their UTF-16 units, no blanks; events hold no numbers but integers."""
    def ordered(part):
        if isinstance(part, dict):
            return {name: ordered(part[name]) for name in sorted(part, key=lambda name: name.encode("utf-16-be", "surrogatepass"))}
        if isinstance(part, list):
            return [ordered(item) for item in part]
        if isinstance(part, float):
            raise Refused("an event holds a number that is no integer")
        return part
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()
