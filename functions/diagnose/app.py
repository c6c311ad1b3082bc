"""What is wrong now and a person has to act on: /v1/troubles."""

from baton.bootstrap.console import show_troubles
from baton.entrypoints.console.troubles import troubles_api

handler = troubles_api(show_troubles)
