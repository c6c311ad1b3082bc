"""What handlers share: contracts on the wire, problem responses, pages, observability."""
