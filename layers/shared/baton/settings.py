"""What a deployment decides, read from the environment here and nowhere else."""

import os


class Settings:
    """Names and limits of this deployment. Each function is given just the variables that it needs.

    Reading one that is missing raises KeyError with the variable's name, at the first use and not in the middle.
    """

    @property
    def leads_table(self) -> str:
        """Name of the Leads table."""
        return os.environ["LEADS_TABLE"]

    @property
    def config_table(self) -> str:
        """Name of the Config table."""
        return os.environ["CONFIG_TABLE"]

    @property
    def ledger_table(self) -> str:
        """Name of the Ledger table."""
        return os.environ["LEDGER_TABLE"]

    @property
    def reports_table(self) -> str:
        """Name of the Reports table."""
        return os.environ["REPORTS_TABLE"]

    @property
    def report_zone(self) -> str:
        """The IANA time zone in which days are counted."""
        return os.environ["REPORT_ZONE"]

    @property
    def uncounted_queue_url(self) -> str:
        """The queue of leads that cannot be counted."""
        return os.environ["UNCOUNTED_QUEUE_URL"]

    @property
    def state_machine_arn(self) -> str:
        """The workflow that moves a lead. '' in a function that only resumes: a task token says enough."""
        return os.environ.get("STATE_MACHINE_ARN", "")

    @property
    def assignment_machine_arn(self) -> str:
        """The workflow that sees to leads which reps have."""
        return os.environ["ASSIGNMENT_MACHINE_ARN"]

    @property
    def alert_topic_arn(self) -> str:
        """Where operations listen."""
        return os.environ["ALERT_TOPIC_ARN"]

    @property
    def signing_secret_id(self) -> str:
        """The secret that signs the links of offers."""
        return os.environ["SIGNING_SECRET_ID"]

    @property
    def sender_email(self) -> str:
        """The address that mails come from."""
        return os.environ["SENDER_EMAIL"]

    @property
    def public_url(self) -> str:
        """Base URL of the API in links. '' in a function that only reads links: it cannot know its own API."""
        return os.environ.get("PUBLIC_URL", "")

    @property
    def secrets_path(self) -> str:
        """Under which path the parameters with buyers' and sources' secrets lie."""
        return os.environ["SECRETS_PATH"]

    @property
    def notice_queue_url(self) -> str:
        """The queue of leads that platforms told of."""
        return os.environ["NOTICE_QUEUE_URL"]

    @property
    def event_bus(self) -> str:
        """The bus that events are put on."""
        return os.environ["EVENT_BUS"]

    @property
    def delivery_queue_url(self) -> str:
        """The queue of events that are due at subscribers."""
        return os.environ["DELIVERY_QUEUE_URL"]

    @property
    def dead_letter_queues(self) -> dict[str, str]:
        """The queues of dead letters: addresses by short name."""
        named = (one.partition("=") for one in os.environ["DEAD_LETTER_QUEUES"].split())
        return {name: url for name, _, url in named}

    @property
    def retell_queue_url(self) -> str:
        """The queue of reps who are to be told by a further channel."""
        return os.environ["RETELL_QUEUE_URL"]

    @property
    def mail_events(self) -> str:
        """The configuration set that tells of mails which came back."""
        return os.environ["MAIL_EVENTS"]

    @property
    def connect_instance_id(self) -> str:
        """The instance of Amazon Connect that reps are told by; '': there is none."""
        return os.environ["CONNECT_INSTANCE_ID"]

    @property
    def connect_flow_id(self) -> str:
        """The flow of its tasks and calls, where a rep has no other."""
        return os.environ["CONNECT_FLOW_ID"]

    @property
    def connect_phone(self) -> str:
        """The number that its calls come from; '': the queue's own."""
        return os.environ["CONNECT_PHONE"]

    @property
    def local_platforms(self) -> str:
        """Base URL of who plays Meta and LinkedIn on a developer's machine; '' elsewhere."""
        return os.environ.get("LOCAL_PLATFORMS", "") if self.local_buyers else ""

    @property
    def import_queue_url(self) -> str:
        """The queue of imports' parts that wait to be loaded."""
        return os.environ["IMPORT_QUEUE_URL"]

    @property
    def local_buyers(self) -> bool:
        """Whether buyers may be called over plain http and on this machine: only where there is no other."""
        return os.environ.get("LOCAL_BUYERS") == "true"

    @property
    def local_outside(self) -> str:
        """Base URL of who plays TrustedForm, Turnstile and reCAPTCHA on a developer's machine; '' elsewhere."""
        return os.environ.get("LOCAL_OUTSIDE", "") if self.local_buyers else ""

    @property
    def local_resolver(self) -> str:
        """`host:port` of the name server of a developer's machine; '' elsewhere: the system's own."""
        return os.environ.get("LOCAL_RESOLVER", "") if self.local_buyers else ""

    @property
    def config_ttl_s(self) -> float:
        """How long a warm function remembers configuration, in seconds."""
        return float(os.environ.get("CONFIG_TTL_S", "5"))


SETTINGS = Settings()
"""The settings of this process."""
