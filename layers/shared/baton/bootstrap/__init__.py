"""The only place that names an adapter: each use case, wired for AWS, once per process."""
