"""ECDSA over P-256 with SHA-256 (FIPS 186-5), to verify only; keys in PEM, signatures in DER."""
import base64
import functools
import hashlib

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
SPKI_OF_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200" "04")


def add_points(one, other):
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % P == 0:
            return None
        slope = 3 * (x1 * x1 - 1) * pow(2 * y1, -1, P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def times(factor, point):
    product = None
    for bit in bin(factor)[2:]:
        product = add_points(product, product)
        if bit == "1":
            product = add_points(product, point)
    return product


def read_public_keys(pem):
    """The keys of a PEM text: their DER and their points."""
    keys = []
    for block in pem.split("-----BEGIN PUBLIC KEY-----")[1:]:
        der = base64.b64decode("".join(block.split("-----END")[0].split()))
        x, y = int.from_bytes(der[27:59], "big"), int.from_bytes(der[59:], "big")
        if not der.startswith(SPKI_OF_P256) or len(der) != 91 or (y * y - x * x * x + 3 * x - B) % P:
            raise ValueError("not a public key of P-256")
        keys.append((der, (x, y)))
    return keys


def read_der_integer(der, at):
    length = der[at + 1]
    if der[at] != 2 or length & 0x80 or not length or at + 2 + length > len(der):
        raise ValueError("no integer")
    return int.from_bytes(der[at + 2:at + 2 + length], "big", signed=True), at + 2 + length


@functools.lru_cache(maxsize=1024)
def is_signed(text, signature, point):
    try:
        if signature[0] != 0x30 or signature[1] != len(signature) - 2:
            return False
        r, at = read_der_integer(signature, 2)
        s, at = read_der_integer(signature, at)
    except (ValueError, IndexError):
        return False
    if at != len(signature) or not 0 < r < N or not 0 < s < N:
        return False
    digest, inverse = int.from_bytes(hashlib.sha256(text).digest(), "big"), pow(s, -1, N)
    found = add_points(times(digest * inverse % N, G), times(r * inverse % N, point))
    return found is not None and found[0] % N == r
