"""Rows of trade: auctions, exchanges, promises and returns beside leads; purchases, intakes and money in the ledger.

Returns that wait for a person are listed in the ledger too, by ids alone.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from baton.adapters.dynamo import put_if_next
from baton.adapters.items import to_item
from baton.adapters.learned_scores import learned_put
from baton.adapters.mark_rows import mark_put
from baton.domain.auction import Auction
from baton.domain.change import Change
from baton.domain.dealings import Purchase
from baton.domain.exchange import Exchange
from baton.domain.lead_return import Return, ReturnState
from baton.domain.money import Entry, entry_time, key_digest
from baton.domain.promise import PingExchange, Promise

PROMISE: Final = "PROMISE"
WAITING: Final = "returns"
"""Where the returns that wait for a person are listed."""
_PINGS_KEPT_S: Final = 7 * 24 * 3600
"""How long a ping is remembered after its price was good: a late lead hears why it is refused, a dispute is settled."""


def puts_in_leads(table: str, change: Change) -> Iterator[dict[str, Any]]:
    """What a change writes of trade into the Leads table."""
    if change.auction:
        yield _once(table, _auction_row(change.auction), "lead_id")
    if change.promise:
        yield promise_put(table, change.promise)
    if change.reported:
        row = {**report_key(change.lead.lead_id, change.reported.report_id), "said": change.reported.said}
        yield _once(table, row, "lead_id")
    if change.lead_return:
        wanted = change.lead_return
        row = {**return_key(wanted.lead_id, wanted.offer_no), **wanted.model_dump(mode="json")}
        yield put_if_next(table, row, wanted.rev)


def puts_in_ledger(table: str, change: Change) -> Iterator[dict[str, Any]]:
    """What a change writes of trade into the Ledger table."""
    for purchase in change.purchases:
        yield _purchase_put(table, purchase)
    if change.intake:
        row = {**intake_key(change.intake.source_id), **change.intake.model_dump(mode="json")}
        yield put_if_next(table, row, change.intake.rev)
    for entry in change.entries:
        yield entry_put(table, entry)
    if change.learned:
        yield learned_put(table, change.learned)
    for mark in change.marks:
        yield mark_put(table, mark)
    if change.lead_return and change.lead_return.state is ReturnState.WAITING:
        yield {"TableName": table, "Item": to_item(_waiting_row(change.lead_return))}


def deletes_in_ledger(table: str, change: Change) -> Iterator[dict[str, Any]]:
    """What a change removes from the Ledger table: a return that no longer waits."""
    wanted = change.lead_return
    if wanted and wanted.rev > 1 and wanted.state is not ReturnState.WAITING:
        yield {"TableName": table, "Key": to_item({"scope": WAITING, "id": waiting_id(wanted)})}


def promise_put(table: str, promise: Promise) -> dict[str, Any]:
    """The conditional write of a promise."""
    row = {
        "lead_id": promise.ping_id,
        "item": PROMISE,
        "promise": promise.model_dump(mode="json"),
        "rev": promise.rev,
        "expires_epoch": _forgotten_at(promise.good_until),
    }
    return put_if_next(table, row, promise.rev)


def entry_put(table: str, entry: Entry) -> dict[str, Any]:
    """The write of an entry, which is there once or not at all."""
    row = {"scope": money_scope(entry.account), "id": entry.entry_id, **entry.model_dump(mode="json")}
    return _once(table, row, "scope")


def payment_put(table: str, entry: Entry) -> dict[str, Any]:
    """The write of which entry a caller's key has led to. It stays for ever, as the entry does."""
    row = {**payment_key(entry.account, entry.key or ""), "entry_id": entry.entry_id}
    return _once(table, row, "scope")


def exchange_row(exchange: Exchange) -> dict[str, Any]:
    """An exchange beside its lead; one beside its ping is forgotten when the promise is."""
    row = {"item": f"EXCHANGE#{exchange.exchange_id}", **exchange.model_dump(mode="json")}
    if isinstance(exchange, PingExchange):
        row["expires_epoch"] = _forgotten_at(exchange.good_until)
    return row


def auction_item(no: int) -> str:
    """Where a lead's auction of that number lies."""
    return f"AUCTION#{no:04d}"


def money_scope(account: str) -> str:
    """Where an account's entries lie, in the order of time."""
    return f"money#{account}"


def payment_key(account: str, key: str) -> dict[str, str]:
    """Where it is noted which entry a caller's key has led to."""
    return {"scope": f"payment#{account}", "id": key_digest(key)}


def return_key(lead_id: str, offer_no: int) -> dict[str, str]:
    """Where the return of a sale lies, beside its lead."""
    return {"lead_id": lead_id, "item": f"RETURN#{offer_no:04d}"}


def report_key(lead_id: str, report_id: str) -> dict[str, str]:
    """Where it is noted that an outcome was reported, beside its lead."""
    return {"lead_id": lead_id, "item": f"OUTCOME#{report_id}"}


def waiting_id(wanted: Return) -> str:
    """How a return that waits is listed: in the order of asking."""
    return f"{entry_time(wanted.asked_at)}~{wanted.lead_id}~{wanted.offer_no}"


def purchase_key(recipient_id: str, person: str) -> dict[str, str]:
    """Where it is noted that a buyer has a person."""
    return {"scope": f"bought#{recipient_id}#{person}", "id": "purchase"}


def intake_key(source_id: str) -> dict[str, str]:
    """Where it is counted what a source sent and sold."""
    return {"scope": f"source#{source_id}", "id": "intake"}


def _forgotten_at(good_until: datetime) -> int:
    """When what is known of a ping expires, in seconds of the epoch."""
    return int(good_until.timestamp()) + _PINGS_KEPT_S


def _auction_row(auction: Auction) -> dict[str, Any]:
    return {"item": auction_item(auction.no), **auction.model_dump(mode="json")}


def _waiting_row(wanted: Return) -> dict[str, Any]:
    """Ids and a week: what the buyer says of it stands beside the lead alone."""
    return {
        "scope": WAITING,
        "id": waiting_id(wanted),
        "lead_id": wanted.lead_id,
        "offer_no": wanted.offer_no,
        "recipient_id": wanted.recipient_id,
        "week": wanted.week,
    }


def _purchase_put(table: str, purchase: Purchase) -> dict[str, Any]:
    row = {
        **purchase_key(purchase.recipient_id, purchase.person),
        **purchase.model_dump(mode="json"),
        "expires_epoch": int(purchase.expires_at.timestamp()),
    }
    return {
        "TableName": table,
        "Item": to_item(row),
        "ConditionExpression": "attribute_not_exists(#scope) OR expires_epoch <= :at OR lead_id = :lead",
        "ExpressionAttributeNames": {"#scope": "scope"},
        "ExpressionAttributeValues": to_item(
            {":at": int(purchase.at.timestamp()), ":lead": purchase.lead_id}
        ),
    }


def _once(table: str, row: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {
        "TableName": table,
        "Item": to_item(row),
        "ConditionExpression": "attribute_not_exists(#key)",
        "ExpressionAttributeNames": {"#key": key},
    }
