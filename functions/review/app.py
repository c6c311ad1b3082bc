"""Held leads, released or rejected: /v1/leads/{lead_id}/release, /rejection; and /v1/do-not-contact."""

from baton.bootstrap.console import refuse_contact, review_lead
from baton.entrypoints.console.reviews import reviews_api

handler = reviews_api(review_lead, refuse_contact)
