"""The secret in an address that opens a page without an account: shown once, kept only as its hash."""

import hashlib


def hash_of(token: str) -> str:
    """What is stored of a secret, and what it is looked up by."""
    return hashlib.sha256(token.encode()).hexdigest()
