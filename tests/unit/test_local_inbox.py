"""The inbox shows what reps get: in order, under their names, with links that work and nothing that runs."""

from local.inbox_box import Contents, Rep
from local.inbox_messages import Message, messages
from local.inbox_pages import CONSENT, form_page, inbox_page, linked, messages_of

ANA, BEN = Rep("ana", "Ana"), Rep("ben", "Ben")
OFFER = "http://localhost:4566/v1/offers/abc"


def sms(no: str = "s1", text: str = "New lead", to: str = "+1202") -> dict[str, str]:
    return {"MessageId": no, "PhoneNumber": to, "Message": text}


def mail(no: str = "m1", text: str = "New lead", at: float = 100.0) -> dict[str, object]:
    return {"MessageId": no, "To": ["ana@x.example"], "Subject": "Lead", "BodyText": text, "Timestamp": at}


def contents(*texts: str) -> Contents:
    return Contents(
        tuple(Message(f"s{no}", "sms", "+1202", "", text, float(no)) for no, text in enumerate(texts)),
        {"+1202": ANA, "ana@x.example": ANA, "+1203": BEN},
    )


def test_the_newest_message_comes_first() -> None:
    found = messages([sms("early"), sms("late")], [mail("between", at=20)], {"early": 10, "late": 30})

    assert [message.id for message in found] == ["late", "between", "early"]


def test_an_sms_was_sent_no_later_than_the_mail_with_the_same_link() -> None:
    (first, second) = messages(
        [sms(text=f"Take it: {OFFER}")], [mail(text=f"{OFFER}\n", at=100)], {"s1": 999}
    )

    assert (first.channel, first.at) == ("email", 100)
    assert (second.channel, second.at) == ("sms", 100)


def test_an_sms_that_was_seen_before_its_mail_keeps_that_time() -> None:
    found = messages([sms(text=OFFER)], [mail(text=OFFER, at=100)], {"s1": 40})

    assert found[-1].at == 40


def test_an_sms_without_a_mail_has_the_time_of_its_discovery() -> None:
    (found,) = messages([sms()], [], {"s1": 7})

    assert found.at == 7


def test_a_script_in_a_name_stays_text() -> None:
    page = inbox_page(contents("<script>alert(1)</script>"), "1", None)

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_quote_in_an_address_does_not_end_the_link() -> None:
    assert linked('http://x.example/"onclick="a') == (
        '<a href="http://x.example/" target="_blank" rel="noopener noreferrer">http://x.example/</a>'
        "&quot;onclick=&quot;a"
    )


def test_a_link_opens_in_a_new_tab_and_ends_before_the_full_stop() -> None:
    assert linked(f"Open {OFFER}.") == (
        f'Open <a href="{OFFER}" target="_blank" rel="noopener noreferrer">{OFFER}</a>.'
    )


def test_only_web_addresses_become_links() -> None:
    assert linked("javascript:alert(1)") == "javascript:alert(1)"


def test_the_filter_shows_one_rep() -> None:
    box = contents("for Ana")

    assert len(messages_of(box, "ana")) == 1
    assert messages_of(box, "ben") == []
    assert 'href="/?rep=ana" aria-current="true">Ana <span>1</span>' in inbox_page(box, "1", "ana")


def test_somebody_who_is_not_configured_goes_by_the_address() -> None:
    box = Contents((Message("s1", "sms", "+1999", "", "hello", 0.0),))

    assert "+1999 <span>1</span>" in inbox_page(box, "1", None)


def test_the_page_says_that_the_local_aws_does_not_answer() -> None:
    assert "does not answer" in inbox_page(Contents(problem="it does not answer"), "1", None)


def test_the_form_posts_to_the_api_and_leads_back_to_the_thanks_page() -> None:
    page = form_page("http://localhost:1/dev", "http://localhost:2/thanks", {})

    assert 'method="post" action="http://localhost:1/dev/v1/sources/web-form/leads"' in page
    assert 'src="http://localhost:1/dev/v1/baton.js"' in page
    assert 'name="_redirect" value="http://localhost:2/thanks"' in page
    assert f'name="consent_text" value="{CONSENT}"' in page


def test_the_forms_own_utm_fields_go_with_the_lead_and_stay_text() -> None:
    page = form_page("http://a", "http://b", {"utm_source": '"><b>', "other": "x"})

    assert 'name="utm_source" value="&quot;&gt;&lt;b&gt;"' in page
    assert "other" not in page
