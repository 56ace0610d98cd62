"""The vectors are those of the Certificate Transparency project for RFC 6962."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.merkle import (
    append_leaf,
    consistency_proof,
    holds_consistency,
    holds_inclusion,
    inclusion_proof,
    leaf_hash,
    node_hash,
    tree_root,
)

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
FIRST_PATH = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)


class Tree:
    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for number, leaf in enumerate(leaves):
            for level, place, value in append_leaf(number, leaf_hash(leaf), self.read):
                self.nodes[level, place] = value

    def read(self, level: int, place: int) -> bytes:
        return self.nodes[level, place]


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word by word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(plain_root(leaves[:split]), plain_root(leaves[split:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_published_vectors(size: int) -> None:
    assert tree_root(size, Tree(LEAVES).read).hex() == ROOTS[size - 1]


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert tree_root(0, Tree([]).read).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_inclusion_proofs_are_those_of_the_published_vectors() -> None:
    read = Tree(LEAVES).read

    assert inclusion_proof(0, 1, read) == ()
    assert tuple(h.hex() for h in inclusion_proof(0, 8, read)) == FIRST_PATH
    assert [h.hex()[:8] for h in inclusion_proof(5, 8, read)] == ["bc1a0643", "ca854ea1", "d37ee418"]
    assert [h.hex()[:8] for h in inclusion_proof(2, 3, read)] == ["fac54203"]


def test_the_consistency_proofs_are_those_of_the_published_vectors() -> None:
    read = Tree(LEAVES).read

    assert consistency_proof(1, 1, read) == ()
    assert tuple(h.hex() for h in consistency_proof(1, 8, read)) == FIRST_PATH
    assert [h.hex()[:8] for h in consistency_proof(6, 8, read)] == ["0ebc5d34", "ca854ea1", "d37ee418"]
    assert [h.hex()[:8] for h in consistency_proof(2, 5, read)] == ["5f083f0a", "bc1a0643"]


@given(st.integers(1, 70), st.data())
def test_every_proof_holds_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = [bytes([n]) for n in range(size)]
    read = Tree(leaves).read
    root = tree_root(size, read)
    number = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    path, proof = inclusion_proof(number, size, read), consistency_proof(old, size, read)
    leaf, old_root = leaf_hash(leaves[number]), tree_root(old, read)

    assert root == plain_root(leaves)
    assert old_root == plain_root(leaves[:old])
    assert holds_inclusion(leaf, number, size, path, root)
    assert holds_consistency(old, size, old_root, root, proof)
    assert not holds_inclusion(leaf_hash(b"other"), number, size, path, root)
    assert not holds_inclusion(leaf, number, size, (*path, root), root)
    assert not holds_inclusion(leaf, size, size, path, root)
    assert not holds_consistency(old, size, leaf_hash(b"other"), root, proof)
    assert not holds_consistency(old, size, old_root, leaf_hash(b"other"), proof)
    assert not holds_consistency(old, size, old_root, root, (*proof, root))
    if size > 1:
        wrong = data.draw(st.integers(0, size - 1).filter(lambda n: n != number))
        assert not holds_inclusion(leaf, wrong, size, path, root)


@pytest.mark.parametrize(("number", "size"), [(1, 1), (-1, 1), (0, 0)])
def test_a_leaf_that_is_not_in_the_tree_has_no_proof(number: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in the tree"):
        inclusion_proof(number, size, Tree(LEAVES).read)


@pytest.mark.parametrize(("old", "size"), [(0, 1), (2, 1)])
def test_a_tree_that_is_larger_is_no_part(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="empty or larger"):
        consistency_proof(old, size, Tree(LEAVES).read)
