"""Use cases, one per module, and the ports that they need."""
