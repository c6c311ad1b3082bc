"""DELETE /v1/leads/{lead_id}/person: a person is forgotten."""

from baton.bootstrap.console import forget_person
from baton.entrypoints.console.persons import persons_api

handler = persons_api(forget_person)
