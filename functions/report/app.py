"""GET /v1/reports/...: what became of leads, by where they came from and by who got them."""

from baton.bootstrap.reporting import show_overview, show_reports
from baton.entrypoints.console.reports import reports_api

handler = reports_api(show_reports, show_overview)
