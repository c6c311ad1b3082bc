"""Baton: give every lead to the right recipient, at once, fairly, and lose none."""
