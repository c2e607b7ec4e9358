"""Accepted versions of plans in the installation's register: written whole or not at all, listed, compared."""
