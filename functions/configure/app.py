"""The configuration API: sources, campaigns, recipients, pools, plans, the change log, import and export."""

from baton.bootstrap.console import edit_configuration, exchange_configuration, publish_plan
from baton.entrypoints.console.configuration import configuration_api

handler = configuration_api(edit_configuration, publish_plan, exchange_configuration)
