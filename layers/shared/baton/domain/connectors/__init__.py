"""Connectors: how CRMs and marketing tools are told of leads. One small module for each system."""
