"""Ports made real, and their in-memory twins. Vendor errors end here."""
