"""Hooks: what ad platforms and form services send, each in its own way. Pure: nothing here calls anybody."""
