"""What every request of a source begins with: the source, if it is open, and the campaign that it sends leads for."""

import re

from baton.application.archive import Configuration
from baton.domain.campaign import Campaign
from baton.domain.documents import ID_PATTERN, MAX_ID
from baton.domain.errors import ConfigurationBroken, NotFound, SourceInactive
from baton.domain.source import Source


def active_source(configuration: Configuration, source_id: str) -> Source:
    """The source, if it takes leads. Raises NotFound, SourceInactive."""
    if not re.fullmatch(ID_PATTERN, source_id):
        raise NotFound(Source.kind, source_id[:MAX_ID])
    source = configuration.get(Source, source_id)
    if not source.active:
        message = f"source '{source_id}' is switched off"
        raise SourceInactive(message)
    return source


def campaign_of(configuration: Configuration, source: Source) -> Campaign:
    """The campaign that the source's leads are for. Raises ConfigurationBroken."""
    try:
        return configuration.get(Campaign, source.campaign_id)
    except NotFound as error:
        message = f"source '{source.id}' names a campaign that does not exist"
        raise ConfigurationBroken(message) from error
