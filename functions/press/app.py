"""POST /v1/slack/actions: a rep pressed a button in Slack."""

from typing import Any

from baton.bootstrap.parts import clock
from baton.bootstrap.telling_reps import press_button, slack_secret
from baton.entrypoints.http import Request, Response, endpoint
from baton.entrypoints.presses import pressed


@endpoint
def handler(request: Request, _: Any) -> Response:
    return pressed(press_button(), slack_secret, clock(), request)
