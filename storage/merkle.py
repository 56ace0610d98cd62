"""Merkle trees by RFC 6962 (section 2): root, inclusion and consistency proofs, and their checks."""

from collections.abc import Callable, Sequence
from hashlib import sha256

ReadNode = Callable[[int, int], bytes]
"""Returns the hash of the complete subtree at (level, place): over the leaves from place * 2^level, 2^level of them."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def append_leaf(size: int, leaf: bytes, read: ReadNode) -> list[tuple[int, int, bytes]]:
    """Return the complete subtrees that a leaf finishes in a tree of `size` leaves, as (level, place, hash).

    Args:
        leaf: The leaf's hash.
    """
    made = [(0, size, leaf)]
    level, place, value = 0, size, leaf
    while place % 2:
        value = node_hash(read(level, place - 1), value)
        level, place = level + 1, place // 2
        made.append((level, place, value))
    return made


def tree_root(size: int, read: ReadNode) -> bytes:
    """Return the root of the tree of the first `size` leaves."""
    return _range_root(0, size, read) if size else sha256(b"").digest()


def inclusion_proof(number: int, size: int, read: ReadNode) -> tuple[bytes, ...]:
    """Return the audit path of leaf `number`, from 0, in the tree of the first `size` leaves."""
    if not 0 <= number < size:
        raise ValueError("the leaf is not in the tree")
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if number < middle:
            path.append(_range_root(middle, last, read))
            last = middle
        else:
            path.append(_range_root(first, middle, read))
            first = middle
    return tuple(reversed(path))


def consistency_proof(old_size: int, size: int, read: ReadNode) -> tuple[bytes, ...]:
    """Return the proof that the tree of the first `old_size` leaves is a part of that of the first `size`."""
    if not 0 < old_size <= size:
        raise ValueError("the old tree is empty or larger than the new one")
    proof: list[bytes] = []
    first, last, whole = 0, size, True
    while old_size < last:
        middle = first + _split(last - first)
        if old_size <= middle:
            proof.append(_range_root(middle, last, read))
            last = middle
        else:
            proof.append(_range_root(first, middle, read))
            first, whole = middle, False
    if not whole:
        proof.append(_range_root(first, last, read))
    return tuple(reversed(proof))


def holds_inclusion(leaf: bytes, number: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether the path proves that the leaf stands at `number` in the tree with this root (RFC 9162, 2.1.3.2).

    Args:
        leaf: The leaf's hash.
    """
    if not 0 <= number < size:
        return False
    place, last, value = number, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            value = node_hash(sibling, value)
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and value == root


def holds_consistency(old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Return whether the proof shows that the old tree is a part of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root
    nodes = list(proof)
    if old_size & (old_size - 1) == 0:
        nodes.insert(0, old_root)
    if not nodes:
        return False
    place, last = old_size - 1, size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not place % 2 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, node)
        place, last = place >> 1, last >> 1
    return last == 0 and old == old_root and new == root


def _split(count: int) -> int:
    """Return the largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(first: int, last: int, read: ReadNode) -> bytes:
    """Return the root over the leaves from `first` up to, without, `last`, as the tree is split."""
    count = last - first
    if count & (count - 1) == 0 and first % count == 0:
        return read(count.bit_length() - 1, first // count)
    middle = first + _split(count)
    return node_hash(_range_root(first, middle, read), _range_root(middle, last, read))
