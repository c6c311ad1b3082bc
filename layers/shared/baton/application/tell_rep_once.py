"""Tell a rep something about a lead once, by their channels in their order, whatever is repeated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baton.application.channels import Channels, Note
    from baton.application.ports import Clock
    from baton.application.tell_once import Marks
    from baton.domain.channels import Channel
    from baton.domain.recipient import Recipient


class TellRepOnce:
    """All channels are begun as one: of two runs at once, the second would take one that works for one that failed.

    A run that died in the middle is finished by the next, with the channels that have not taken the message.
    """

    def __init__(self, marks: Marks, channels: Channels, clock: Clock) -> None:
        self._marks = marks
        self._channels = channels
        self._clock = clock

    def __call__(self, no: int, name: str, rep: Recipient, note: Note) -> bool:
        """Whether any channel took the message, now or before. `name`: what is told to whom, the same when repeated.

        `no`: with which offer it is noted. Raises NotificationFailed where no channel works now, or another run is
        sending it; ClaimContention.
        """
        lead_id = note.lead_id
        note = replace(note, held_by=no, id=f"{name}.{lead_id}.{no}".replace(".", "_"))
        if self._marks.begin(lead_id, no, name):
            return True

        def taken(channel: Channel) -> None:
            self._marks.end(lead_id, no, f"{name}.{channel}", taken=True)

        before = self._marks.taken(lead_id, no, name)
        told = self._channels.tell_at_once(rep, note, self._clock.now(), before, taken)
        reached = bool(told.by or before)
        self._marks.end(lead_id, no, name, taken=reached)
        if told.passing and not reached:
            raise next(iter(told.passing.values()))
        return reached
