"""The hash tree of a transparency log, as RFC 9162, 2.1, has it."""
import hashlib

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry):
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_hash(hashes):
    """The root over hashes of complete subtrees of one size."""
    if not hashes:
        return EMPTY_ROOT
    while len(hashes) > 1:
        even = len(hashes) & ~1
        paired = [node_hash(hashes[i], hashes[i + 1]) for i in range(0, even, 2)]
        hashes = paired + hashes[even:]
    return hashes[0]


def root_by_inclusion(leaf, index, size, path):
    """The root to which a path leads; None when it is not as long as it must be (2.1.3.2)."""
    at, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            root = node_hash(step, root)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, step)
        at, last = at >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(old_size, new_size, old_root, new_root, path):
    """Whether the path shows that the old tree is the start of the new one (2.1.4.2)."""
    if old_size == new_size:
        return not path and old_root == new_root
    path = list(path)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, step)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
