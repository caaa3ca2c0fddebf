"""Signed heads (C2SP signed-note and tlog-checkpoint; the id of an ECDSA key is made as for Ed25519)."""
import base64
import hashlib

from p256 import is_signed

DASH = "\u2014"


def read_checkpoint(note, keys):
    """Size and root of a note that one of the keys signed; ValueError says why it is none."""
    text, mark, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if not mark or not signatures.endswith("\n") or len(lines) != 3 or not lines[1].isascii() or not lines[1].isdigit():
        raise ValueError("not a signed checkpoint")
    origin, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
    for line in signatures[:-1].split("\n"):
        dash, name, value = (line.split(" ") + ["", ""])[:3]
        signature = base64.b64decode(value, validate=True)
        for der, point in keys:
            if (dash, name, signature[:4]) == (DASH, origin, key_id(origin, der)):
                if not is_signed((text + "\n").encode(), signature[4:], point):
                    raise ValueError("its signature is not good: the text was changed")
                return size, root
    raise ValueError("no known key signed it")


def key_id(name, der):
    return hashlib.sha256(name.encode() + b"\n\x02" + der).digest()[:4]
