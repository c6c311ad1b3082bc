"""What a manager reads every morning: the day before in numbers, and what to look at. No lead is named in it."""

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from baton.domain.reports.remarks import duration, leads, money, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from baton.application.gather_news import News
    from baton.domain.reports.digest import Digest
    from baton.domain.reports.figures import LeadFigures
    from baton.domain.reports.remarks import Remark


class Mail(NamedTuple):
    """A mail in the forms that a reader's program may show."""

    subject: str
    text: str
    html: str


def mail_of(digest: "Digest", news: "News") -> Mail:
    """The digest as a mail."""
    day = f"{news.day:%A}, {news.day.isoformat()}"
    subject = f"{digest.name}: {leads(news.figures.received)} on {day}"
    rows = list(_rows(news.figures, news.week_before))
    width = max(len(label) for label, _, _ in rows)
    parts = list(_remarks(news))
    text = "\n".join(
        [
            f"{digest.name}, {day} ({news.zone})",
            "In brackets: the same day of the week before.",
            "",
            *(f"{label:<{width}}  {now} ({before})" for label, now, before in rows),
            *(line for title, lines in parts for line in ("", f"{title}:", *(f"- {one}" for one in lines))),
            "",
        ]
    )
    table = "".join(
        f"<tr><th align=left>{escape(label)}</th><td align=right>{escape(now)}</td>"
        f"<td align=right>{escape(before)}</td></tr>"
        for label, now, before in rows
    )
    lists = "".join(
        f"<h2>{escape(title)}</h2><ul>{''.join(f'<li>{escape(one)}</li>' for one in lines)}</ul>"
        for title, lines in parts
    )
    html = (
        f"<h1>{escape(digest.name)}</h1><p>{escape(day)} ({escape(news.zone)})</p>"
        f"<table cellpadding=4><tr><th></th><th>That day</th><th>A week before</th></tr>{table}</table>{lists}"
    )
    return Mail(subject, text, html)


def _rows(now: "LeadFigures", before: "LeadFigures") -> "Iterator[tuple[str, str, str]]":
    """Each figure with that of the week before."""
    for label, name in (
        ("Received", "received"),
        ("Qualified", "qualified"),
        ("Placed", "placed"),
        ("Contacted", "reached"),
        ("Converted", "converted"),
        ("Given back", "returned"),
    ):
        yield label, str(getattr(now, name)), str(getattr(before, name))
    yield "Conversion", percent(now.conversion), percent(before.conversion)
    half = [_time(figures.response.p50_ms) for figures in (now, before)]
    yield "Half contacted within", half[0], half[1]
    for currency in sorted({*now.money, *before.money}):
        profits = [
            money(figures.money[currency].profit_cents if currency in figures.money else 0, currency)
            for figures in (now, before)
        ]
        yield "Profit", profits[0], profits[1]


def _remarks(news: "News") -> "Iterator[tuple[str, list[str]]]":
    """What to look at, by what it is about."""
    yield "Waiting now", [f"{leads(news.unassigned)} that nobody has" if news.unassigned else "No lead"]
    if news.sources:
        best, worst = news.sources
        yield "Sources in the last seven days", [f"Best: {_line(best)}", f"Worst: {_line(worst)}"]
    if news.out_of_step:
        yield "Shares in the last seven days", [_line(remark) for remark in news.out_of_step]
    if news.slow:
        yield "Slow in the last seven days", [_line(remark) for remark in news.slow]


def _line(remark: "Remark") -> str:
    return f"{remark.id}: {remark.why}"


def _time(ms: int | None) -> str:
    return "-" if ms is None else duration(ms)
