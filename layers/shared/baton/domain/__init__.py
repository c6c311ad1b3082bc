"""Nouns and rules of lead distribution. Pure: no I/O, no clock, no randomness; time and seeds are arguments."""
