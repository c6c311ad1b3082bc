"""What a ping may say of a lead: everything but who the person is."""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from baton.domain.campaign import Campaign
from baton.domain.consent import Consent, Evidence, OnFault
from baton.domain.form_check import problems_of
from baton.domain.submission import CONTACT_FIELDS, Reader

PLACES: Final = frozenset({"city", "state", "postal_code", "country"})
"""Of the contact, what a ping may say: where somebody lives."""
PERSONAL: Final = frozenset({*CONTACT_FIELDS, "name"}) - PLACES
"""What of the contact would identify the person."""
_NAMES: Final = frozenset(
    (
        *("email", "emailaddress", "emailsha", "mail"),
        *("phone", "phonenumber", "phonesha", "telephone", "tel"),
        *("mobile", "mobilenumber", "mobilephone", "cell", "cellphone"),
        *("ssn", "socialsecuritynumber"),
        *("name", "fullname", "firstname", "lastname", "surname", "givenname", "familyname"),
        *("street", "streetaddress", "address"),
    )
)
"""The same under the name of an attribute, as `_bare` spells it; an insurance company, say, may well be one."""
_OF_A_PHONE: Final = re.compile(r"phone|mobile|(?<![a-z])(?:tel|cell)(?![a-z])")
"""A name that suggests a phone; not `hotel`, nor `cancelled`."""
_NUMBER: Final = re.compile(r"\d(?:[\s().\-/]*\d){9}|\+\d(?:[\s().\-/]*\d){6}")
"""Ten digits in a row, or seven after a plus, however they are spaced."""
MAX_UNQUOTED: Final = 3
"""An address may have been quoted for a URL inside a URL; nobody quotes it more often than that."""
_ADDRESS: Final = re.compile(r"[\w.+-]@[\w-]+\.\w")
"""The middle of an email address. Not the whole: looking for its beginning would take too long in a long text."""
_IDENTIFIES: Final = "would say who the person is: a ping says only where somebody lives"


class PingReader(Reader):
    """Reads what a ping may say, and refuses by name whatever would say who the person is."""

    def contact(self, found: dict[str, Any]) -> dict[str, str]:
        """Where somebody lives."""
        for name in sorted(found.keys() & PERSONAL):
            self.refuse(f"contact.{name}", _IDENTIFIES)
        return super().contact({name: value for name, value in found.items() if name not in PERSONAL})

    def attributes(self, found: dict[str, Any]) -> dict[str, Any]:
        """Attributes that identify nobody, neither by their names nor by what they hold."""
        attributes = super().attributes(found)
        self._refuse_identifying("attributes", attributes)
        return attributes

    def attribution(self, found: dict[str, Any]) -> dict[str, str]:
        """Where the enquiry came from, which identifies nobody either."""
        attribution = super().attribution(found)
        self._refuse_identifying("attribution", attribution)
        return attribution

    def consent(self, found: dict[str, Any]) -> Consent | None:
        """Whether there is consent. Its words and time are evidence, and come with the lead."""
        for name in sorted(found.keys() & set(Evidence)):
            self.refuse(f"consent.{name}", "is evidence: send it with the lead")
        return super().consent({name: value for name, value in found.items() if name not in set(Evidence)})

    def check_rules(self, campaign: Campaign, facts: Mapping[str, Any]) -> None:
        """What a ping says has to be as the campaign asks; what it cannot say comes with the lead."""
        wrong = {error.field for error in self.errors}
        for path, problem, rule in problems_of(campaign.fields, facts, campaign.region):
            group, _, name = path.partition(".")
            sent = name in facts[group]
            if sent and path not in wrong and rule.on_fault is OnFault.REFUSE:
                self.refuse(path, problem)

    def check_required(
        self, required: tuple[str, ...], contact: Mapping[str, str], attributes: Mapping[str, Any]
    ) -> None:
        """Of what a lead must have, what a ping can have."""
        groups = {"contact": contact, "attributes": attributes}
        wrong = {error.field for error in self.errors}
        for path in required:
            group, _, name = path.partition(".")
            can_say = not _identifies(name, None) if group == "attributes" else name in PLACES
            if can_say and groups[group].get(name) in (None, "") and path not in wrong:
                self.refuse(path, "is required")

    def _refuse_identifying(self, group: str, found: Mapping[str, Any]) -> None:
        for name, value in found.items():
            if _holds_address(name):
                # The name is not repeated: it says who the person is.
                self.refuse(group, f"has a name that {_IDENTIFIES}")
            elif _identifies(name, value):
                self.refuse(f"{group}.{name}", _IDENTIFIES)


def _identifies(name: str, value: Any, *, of_a_phone: bool = False) -> bool:
    """Whether a name, or what is under it at any depth, would say who the person is."""
    if _bare(name) in _NAMES or _holds_address(name):
        return True
    of_a_phone = of_a_phone or _OF_A_PHONE.search(_in_words(name)) is not None
    match value:
        case dict():
            return any(_identifies(key, item, of_a_phone=of_a_phone) for key, item in value.items())
        case list():
            return any(_identifies("", item, of_a_phone=of_a_phone) for item in value)
        case str():
            return _holds_address(value) or (of_a_phone and _NUMBER.search(value) is not None)
        case int() | float():
            return of_a_phone and _NUMBER.search(str(value)) is not None
    return False


def _bare(name: str) -> str:
    """A name without regard to case, and without what is no letter: `E-Mail 2` is `email`."""
    return "".join(filter(str.isalpha, name.casefold()))


def _in_words(name: str) -> str:
    """A name whose words are apart and begin small: `homeTel` is `home_tel`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).casefold()


def _holds_address(text: str) -> bool:
    """Whether there is an email address in it, also one that is quoted as in a URL."""
    for _ in range(MAX_UNQUOTED):
        if _ADDRESS.search(text):
            return True
        text = unquote(text)
    return _ADDRESS.search(text) is not None
