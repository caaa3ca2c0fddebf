#!/usr/bin/env python3
"""Verifies a served usage ledger from its HTTP endpoints alone, with nothing of its code and nothing but Python.

    LEDGER_KEY=ulk_... python3 verify_ledger.py http://127.0.0.1:5080 [--checkpoint KEPT]... [--public-key PEM] [--proofs N] [--all]

It takes the signed head, every tile of hashes under it, all events that the key may see and proofs of some of them, and
holds them against each other: signature, tree, entries, inclusion, and consistency with each head that was kept elsewhere.
LEDGER_KEY may hold keys of several tenants with blanks between. With --all they are of every tenant that there is, and each
position must be shown by one of them; without it, a position that none shows may be another tenant's.
Exit code 0: whole. 1: not, and each line on standard output names a place. 2: could not be checked.
"""
import argparse
import base64
import json
import os
import sys

from checkpoint import read_checkpoint
from p256 import read_public_keys
from served import WIDTH, Ledger, Refused, Unchecked, canonical
from tree import is_consistent, leaf_hash, root_by_inclusion, tree_hash


class Verification:
    def __init__(self, ledgers, keys):
        self.ledgers, self.ledger, self.keys = ledgers, ledgers[0], keys
        self.found, self.leaves, self.read, self.shown_by = [], [], {}, {}
        self.size, self.root, self.is_rooted = 0, b"", False

    def tell(self, what):
        if what not in self.found:
            self.found.append(what)
            print(what)

    def attempt(self, where, step, *given):
        """A step that cannot be made is told with its place, and does not keep the others from being made."""
        try:
            return step(*given)
        except Refused as refusal:
            self.tell(f"{where}: {refusal}")
        except (ValueError, KeyError, TypeError) as failure:
            self.tell(f"{where}: {failure}")
        return None

    def head(self):
        self.size, self.root = read_checkpoint(self.ledger.get("checkpoint").decode(), self.keys)

    def tree(self):
        """Every tile under the head: all leaves against the root, and each tile against the hash above it."""
        levels, width = [], self.size
        while width:
            levels.append([])
            for index in range((width + WIDTH - 1) // WIDTH):
                tile = self.attempt(self.named(len(levels) - 1, index), self.ledger.tile, len(levels) - 1, index, min(WIDTH, width - index * WIDTH))
                levels[-1] += tile or [None] * min(WIDTH, width - index * WIDTH)
            width //= WIDTH
        self.leaves = levels[0] if levels else []
        self.is_rooted = None not in self.leaves and tree_hash(self.leaves) == self.root
        before = len(self.found)
        for level, hashes in enumerate(levels[1:], start=1):
            for at, above in enumerate(hashes):
                below = levels[level - 1][at * WIDTH:(at + 1) * WIDTH]
                if above and None not in below and tree_hash(below) != above:
                    changed = self.named(level, at // WIDTH) if self.is_rooted else self.named(level - 1, at)
                    self.tell(f"{changed}: does not agree with the hash of tile {level - 1}/{at} in tile {level}/{at // WIDTH}")
        if not self.is_rooted and len(self.found) == before and None not in self.leaves:
            last = self.named(0, self.size // WIDTH)
            self.tell(f"checkpoint of {self.size} events: not the root of the tiles; {last} was changed, or the log was rewritten")

    @staticmethod
    def named(level, index):
        span = WIDTH ** (level + 1)
        return f"tile {level}/{index}, positions {index * span + 1} to {(index + 1) * span}"

    def kept(self, notes):
        """A head kept elsewhere must be one that this tree had."""
        good = 0
        for name, size, root in sorted(notes, key=lambda note: note[1]):
            if size > self.size:
                self.tell(f"position {self.size + 1}: the log ends before it, but {name} was signed at {size} events")
            elif self.is_rooted and tree_hash(self.leaves[:size]) != root:
                self.tell(f"{name}: something among positions {good + 1} to {size} was rewritten after it was signed")
            else:
                good = size
                self.attempt(f"consistency from {size} to {self.size}", self.consistency, size, root)

    def consistency(self, size, root):
        if size:
            path = [bytes.fromhex(step) for step in self.ledger.json(f"consistency?from={size}&to={self.size}")["path"]]
            if not is_consistent(size, self.size, root, self.root, path):
                raise Refused("the proof does not hold")

    def entries(self, ledger):
        """Every event of a key against its leaf, and the versions of every stream, which have no gaps."""
        tenant, versions = None, {}
        for event in ledger.events():
            position, stream = event["position"], event["stream"]
            tenant = tenant if tenant is not None else self.tenant(ledger, position)
            if position <= self.size:
                self.shown_by[position] = ledger
                self.read[position] = canonical({**event, "tenant": tenant})
                if self.leaves[position - 1] and leaf_hash(self.read[position]) != self.leaves[position - 1]:
                    self.tell(f"position {position}: " + ("the event is not what was appended" if self.is_rooted else "the event and its hash do not agree"))
            expected = versions.get(stream, 0) + 1
            if event["version"] != expected:
                self.tell(f"position {position}: version {event['version']} of stream {stream}, where {expected} belongs")
            versions[stream] = max(event["version"], expected)

    def unshown(self):
        """Positions are dense: a leaf that no event accounts for had one. Each run of them is one line."""
        first = None
        for position in range(1, self.size + 2):
            if position <= self.size and position not in self.read:
                first = first or position
            elif first:
                self.tell(f"position {first}: " + ("no key is" if position == first + 1 else f"to position {position - 1} no key is") + " shown what was appended")
                first = None

    @staticmethod
    def tenant(ledger, position):
        """The key's own: every entry that it may see says it."""
        return json.loads(base64.b64decode(ledger.json(f"events/{position}/proof")["entry"]))["tenant"]

    def inclusion(self, position):
        proof = self.shown_by[position].json(f"events/{position}/proof")
        entry, path = base64.b64decode(proof["entry"]), [bytes.fromhex(step) for step in proof["path"]]
        size, root = read_checkpoint(proof["checkpoint"], self.keys)
        if entry != self.read[position]:
            raise Refused("its proof is of another entry than is shown")
        if (proof["leafIndex"], proof["treeSize"], bytes.fromhex(proof["rootHash"])) != (position - 1, size, root) \
                or root_by_inclusion(leaf_hash(entry), position - 1, size, path) != root:
            raise Refused("its proof does not lead to the signed root")


def spread(positions, count):
    """The first, the last, and others evenly between."""
    ordered = sorted(positions)
    return ordered if len(ordered) <= count else sorted({ordered[i * (len(ordered) - 1) // max(1, count - 1)] for i in range(count)})


def read_text(name):
    with open(name, encoding="utf-8") as file:
        return file.read()


def verify(arguments):
    ledgers = [Ledger(arguments.address, key) for key in os.environ.get("LEDGER_KEY", "").split() or [""]]
    named = ledgers[0].get("public-key").decode()
    keys = read_public_keys(read_text(arguments.public_key) if arguments.public_key else named)
    check = Verification(ledgers, keys)
    if not {der for der, _ in keys} <= {der for der, _ in read_public_keys(named)}:
        check.tell("public-key: the ledger does not name the key that was kept: it was replaced")
    check.attempt("checkpoint", check.head)
    notes = [(name, check.attempt(name, read_checkpoint, read_text(name), keys)) for name in arguments.checkpoint]
    if check.size:
        check.tree()
        check.kept([(name, *read) for name, read in notes if read])
        for size in [1 << power for power in range(check.size.bit_length()) if check.is_rooted]:
            check.attempt(f"consistency from {size} to {check.size}", check.consistency, size, tree_hash(check.leaves[:size]))
        for ledger in ledgers:
            check.attempt("events", check.entries, ledger)
        if arguments.all:
            check.unshown()
    proved = spread(check.read, arguments.proofs)
    for position in proved:
        check.attempt(f"position {position}", check.inclusion, position)
    if not check.found:
        hidden = check.size - len(check.read)
        print(f"whole: {check.size} events under root {check.root.hex()}; {len(check.read)} of them read, {len(proved)} proofs followed"
              + (f"; of {hidden} that no key shows, their hashes" if hidden else ""))
    return 1 if check.found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--checkpoint", action="append", default=[], help="a signed checkpoint kept elsewhere (repeatable)")
    parser.add_argument("--public-key", help="PEM kept elsewhere; without it the keys are those that the ledger names")
    parser.add_argument("--all", action="store_true", help="LEDGER_KEY holds a key of every tenant: each position must be shown by one")
    parser.add_argument("--proofs", type=int, default=50, help="how many events' inclusion proofs are followed (50)")
    try:
        return verify(parser.parse_args())
    except (Refused, ValueError) as refusal:
        print(refusal)
        return 1
    except (Unchecked, OSError) as failure:
        print(failure, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
