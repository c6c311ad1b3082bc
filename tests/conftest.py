"""What all tests share: Hypothesis repeats itself, so that a red build is red for everybody."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", settings.get_profile("steady"), derandomize=False, max_examples=2000)
# `pytest --hypothesis-profile search` looks for new counterexamples.
settings.load_profile("steady")
