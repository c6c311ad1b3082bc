"""Prove that reports equal what the leads say, and repair them where they do not."""

from baton.bootstrap.counting import prove_reports
from baton.entrypoints.console.conservation import conservation_api

handler = conservation_api(prove_reports)
