"""Editions of the weekly pack: gathering, previewing, sealing, storing in folders and comparing them."""
