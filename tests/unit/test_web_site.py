"""The web console as it is served: a fresh page, files that never change, a policy, other people's code as it was."""

import gzip
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from baton.entrypoints.http import endpoint
from baton.entrypoints.web_site import FOR_EVER, LIBRARIES, WebSite
from tests.unit.wire import Answer, an_event

FOLDER = Path(__file__).parents[2] / "functions" / "console" / "static"
VENDOR = Path(__file__).parents[1] / "browser" / "vendor"
LOGIN = {"LoginUrl": "https://login.example.com", "LoginClient": "c1"}
MAX_BYTES = 250_000
IMPORTED = re.compile(r'^(?:import|export) [\w\s{},*]*from "([^"]+)"|\bimport\("([^"]+)"\)', re.MULTILINE)
"""A module that another one names; "from" and "import" are words of texts, too."""
SITE = WebSite(FOLDER)
TEXTS = {path.name: path.read_text() for path in sorted(FOLDER.iterdir())}
LIBRARY_FILES = {
    given["import"]: name for name, given in json.loads(TEXTS[LIBRARIES]).items() if "import" in given
}
SCREENS = re.findall(r'\{id: "(\w+)"', TEXTS["screens.js"])
OURS = [name for name in TEXTS if name not in {**json.loads(TEXTS[LIBRARIES]), "licences.txt": ""}]


def get(path: str, site: WebSite = SITE, **headers: str) -> Answer:
    """What a browser is answered."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    file = path.partition("/console/")[2]
    event = an_event(
        method="GET",
        headers=sent,
        path=path,
        pathParameters={"file": file} if file else None,
        stageVariables=LOGIN,
    )
    return Answer.of(endpoint(lambda request, _: site.answer(request))(event, None))


def copy_of(folder: Path, **changed: str) -> WebSite:
    """The site in a folder of its own, with some files changed."""
    for name, text in {**TEXTS, **{f"{stem}.js": text for stem, text in changed.items()}}.items():
        (folder / name).write_text(text)
    return WebSite(folder)


def test_without_its_slash_the_address_leads_to_the_one_with_it() -> None:
    answer = get("/console")

    assert (answer.status, answer.headers["location"]) == (308, "console/")


def test_a_browser_asks_for_the_page_every_time_and_is_not_sent_it_again() -> None:
    answer = get("/console/")
    again = get("/console/", If_None_Match=answer.headers["etag"])

    assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
    assert (again.status, again.body) == (304, "")


def test_a_file_is_kept_for_ever_under_a_name_that_its_content_makes(tmp_path: Path) -> None:
    before, after = SITE.names, copy_of(tmp_path, texts="export const t = {};\n").names
    answer = get(f"/console/{before['texts.js']}")

    assert (answer.body, answer.headers["cache-control"]) == (TEXTS["texts.js"], FOR_EVER)
    assert {name for name in before if before[name] != after[name]} == {"texts.js"}


def test_another_file_makes_another_page(tmp_path: Path) -> None:
    changed = copy_of(tmp_path, texts="export const t = {};\n")

    assert get("/console/").headers["etag"] != get("/console/", changed).headers["etag"]


@pytest.mark.parametrize(
    "name", ["texts.js", "index.html", LIBRARIES, "..", "../app.py", "app.0000000000.js"]
)
def test_nothing_else_is_served(name: str) -> None:
    answer = get(f"/console/{name}")

    assert (answer.status, answer.json()["type"]) == (404, "urn:baton:not-found")


def test_the_page_runs_its_own_scripts_and_talks_to_the_api_and_the_login() -> None:
    answer = get("/console/")
    (import_map,) = re.findall(r'<script type="importmap">(.*?)</script>', answer.body)
    shown = b64encode(sha256(import_map.encode()).digest()).decode()
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == f"'self' 'sha256-{shown}'"
    assert policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://login.example.com"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["require-trusted-types-for"] == "'script'"


def test_the_page_says_where_to_sign_in_and_nothing_there_becomes_markup() -> None:
    page = SITE.page({"baton-login": 'https://x"><script>'})

    assert '<meta name="baton-login" content="https://x&quot;&gt;&lt;script&gt;">' in page


def test_everything_that_the_page_names_is_there() -> None:
    body = get("/console/").body
    named = set(re.findall(r'(?:href|src)="([^"]+)"', body))
    mapped = set(json.loads(re.findall(r'importmap">(.*?)</script>', body)[0])["imports"].values())

    assert named
    assert {
        name for name in named | mapped if get(f"/console/{name.removeprefix('./')}").status != 200
    } == set()


def test_every_module_imports_what_there_is() -> None:
    names = json.loads(SITE.import_map)["imports"]
    imported = {
        name
        for file in OURS
        if file.endswith(".js")
        for names_it in IMPORTED.finditer(TEXTS[file])
        for name in filter(None, names_it.groups())
    }

    assert imported
    assert imported - set(names) == set()


def test_what_the_first_module_needs_is_fetched_at_once() -> None:
    page = get("/console/").body

    for name in ("preact.js", "preact-hooks.js", "htm.js", "session.js", "ui.js", "texts.js"):
        assert f'<link rel="modulepreload" href="{SITE.names[name]}">' in page
    assert f'modulepreload" href="{SITE.names["uplot.js"]}' not in page


def needed_for(*modules: str) -> set[str]:
    """These modules and all that they import, without what is fetched only when it is asked for."""
    found, waiting = set[str](), list(modules)
    while waiting:
        if (name := waiting.pop()) in found:
            continue
        found.add(name)
        imported = (at_once for at_once, _ in IMPORTED.findall(TEXTS[name]))
        waiting += [LIBRARY_FILES.get(one, one.removeprefix("./")) for one in imported if one]
    return found


@pytest.mark.parametrize("screen", SCREENS)
def test_whoever_opens_a_screen_first_waits_for_less_than_250_kb_compressed(screen: str) -> None:
    page = get("/console/").body
    named = set(re.findall(r'(?:href|src)="([^"]+)"', page))
    files = needed_for(f"{screen}.js") | {name for name, served in SITE.names.items() if served in named}

    assert {"app.js", "preact.js", "texts.js", "screens.css"} < files
    assert (
        sum(len(gzip.compress(text.encode(), 6)) for text in [page, *(TEXTS[name] for name in files)])
        < MAX_BYTES
    )


@pytest.mark.parametrize(("name", "given"), json.loads(TEXTS[LIBRARIES]).items())
def test_other_people_s_code_is_as_they_published_it(name: str, given: dict[str, str]) -> None:
    assert sha256(TEXTS[name].encode()).hexdigest() == given["sha256"]
    assert given["licence"] in {"MIT", "Apache-2.0"}
    assert f"---- {given['name']}" in TEXTS["licences.txt"]


@pytest.mark.parametrize(("name", "given"), json.loads((VENDOR / LIBRARIES).read_text()).items())
def test_what_tests_have_from_others_is_as_they_published_it(name: str, given: dict[str, str]) -> None:
    text = (VENDOR / name).read_bytes()

    assert sha256(text).hexdigest() == given["sha256"]
    assert f"{given['name'].removesuffix('-core')} v{given['version']}".encode() in text
    assert b"Mozilla Public" in text


@pytest.mark.parametrize("name", OURS)
def test_no_file_names_another_server_or_makes_markup_of_text(name: str) -> None:
    elsewhere = re.findall(
        r"(?:https?:)?//[\w-]+\.[\w.]+", re.sub(r"^\s*//.*$", "", TEXTS[name], flags=re.MULTILINE)
    )

    assert set(elsewhere) <= {"http://www.w3.org"}
    assert not re.search(
        r"innerHTML|dangerously|insertAdjacent|document\.write|\beval\b|localStorage\.(?!.*KEPT)", TEXTS[name]
    )


@pytest.mark.parametrize("name", [name for name in OURS if name.endswith(".css")])
def test_only_the_design_s_tokens_name_colours(name: str) -> None:
    named = re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", TEXTS[name])

    assert name == "tokens.css" or named == []
