"""
Check the site that was built: its links, whom its pages ask, and how wide they are on a phone; and write llms.txt.

``python docs/check.py site``; Chromium measures the widths, and where there is none that is said.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

ROOT = Path(__file__).parents[1]
PHONE = 390  # CSS pixels: the width of the phones that are most common
LOADING = {"script": "src", "img": "src", "iframe": "src", "link": "href", "source": "src", "object": "data"}
# Pages are loaded one after the other in a frame; what they asked for and what is wider than the frame is written down.
LOOK = """<!doctype html><body><script>
const pages = %s, seen = [];
async function look() {
  for (const page of pages) {
    const frame = document.createElement("iframe");
    frame.style = "width:%dpx;height:800px;border:0";
    document.body.append(frame);
    await new Promise((done) => { frame.onload = done; frame.src = page; });
    await new Promise((done) => setTimeout(done, 100));
    const inner = frame.contentDocument.documentElement;
    const asked = frame.contentWindow.performance.getEntriesByType("resource").map((entry) => entry.name);
    seen.push({page, width: inner.scrollWidth, asked: asked.filter((name) => !name.startsWith(location.origin))});
    frame.remove();
  }
  await fetch("/seen", {method: "POST", body: JSON.stringify(seen)});
}
look();
</script>"""


class Seen(HTMLParser):
    """What a page links to, what it loads, and its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attrs if value}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        is_only_named = tag == "link" and values.get("rel") in ("canonical", "prev", "next")
        if tag in LOADING and LOADING[tag] in values and not is_only_named:
            self.loads.append(values[LOADING[tag]])


def pages_of(site: Path) -> dict[str, Seen]:
    """Return the pages of a site by their address."""
    files = sorted(site.rglob("*.html"))
    return {"/" + path.relative_to(site).as_posix(): Seen(path.read_text(encoding="utf-8")) for path in files}


def wrong_links(site: Path, pages: dict[str, Seen]) -> Iterator[str]:
    """Yield links that lead nowhere, and what is loaded from another host."""
    for address, page in pages.items():
        if address == "/404.html":
            continue  # it is shown at any address, so its links are absolute
        for link in page.loads:
            if re.match(r"(https?:)?//", link):
                yield f"{address} loads {link}"
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            target, anchor = urldefrag(urljoin(address, link))
            target = unquote(target) + ("index.html" if target.endswith("/") else "")
            if not (site / target[1:]).is_file():
                yield f"{address} links to {link}"
            elif anchor and target in pages and unquote(anchor) not in pages[target].ids:
                yield f"{address} links to {link}, which has no such place"


class Handler(SimpleHTTPRequestHandler):
    """The site, the page that looks, and what it saw."""

    seen: list[dict[str, Any]] | None = None
    look = b""

    def do_GET(self) -> None:
        if self.path != "/look":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(self.look)

    def do_POST(self) -> None:
        type(self).seen = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(204)
        self.end_headers()
        done.set()

    def log_message(self, *_: object) -> None: ...


done = threading.Event()


def looked_at(site: Path, pages: dict[str, Seen], browser: str) -> list[dict[str, Any]]:
    """Return width and foreign requests of each page, as a browser sees them."""
    Handler.look = (LOOK % (json.dumps(list(pages)), PHONE)).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    quiet = ["quic", "gpu", "background-networking", "component-update", "sync"]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = ["--headless", "--no-sandbox", "--no-first-run", f"--user-data-dir={profile}"]
        command = [browser, *options, *(f"--disable-{name}" for name in quiet), "--remote-debugging-port=0"]
        place = f"http://127.0.0.1:{server.server_port}/look"
        process = subprocess.Popen([*command, place], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        done.wait(300)
        process.kill()
        process.wait()
    server.shutdown()
    return Handler.seen or [{"page": "the browser", "width": 0, "asked": ["answered nothing in 300 s"]}]


def too_wide(site: Path, pages: dict[str, Seen]) -> Iterator[str]:
    """Yield pages that are wider than a phone, or that ask another host."""
    browser = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
    )
    if not browser:
        print("no Chromium here: widths were not measured")
        return
    for look in looked_at(site, pages, browser):
        if look["width"] > PHONE:
            yield f"{look['page']} is {look['width']} pixels wide on a phone of {PHONE}"
        for name in look["asked"]:
            yield f"{look['page']} asked {name}"


def entries(nav: list[Any]) -> Iterator[tuple[str, str | list[Any]]]:
    """Yield title and page, or title and entries, of a navigation."""
    for entry in nav:
        yield from entry.items()


def index(nav: list[Any], depth: int = 2) -> Iterator[str]:
    """Yield the lines of llms.txt: every page with its first sentence."""
    for title, target in entries(nav):
        if isinstance(target, list):
            yield f"\n{'#' * depth} {title}\n"
            yield from index(target, depth + 1)
            continue
        text = (ROOT / "docs" / target).read_text(encoding="utf-8")
        words = [part for part in text.split("\n\n") if part[:1].isalpha() or part[:1] == "`"]
        first = re.split(r"(?<=\.)\s", " ".join(words[0].split()))[0] if words else ""
        first = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", first)
        place = f"{target.removesuffix('.md')}/index.md".replace("index/", "", target == "index.md")
        yield f"- [{title}]({place})" + (f": {first}" if first else "")


def write_index(site: Path) -> None:
    """Write llms.txt, and the source of every page beside it, for readers that are programs."""
    project = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    lines = [f"# {project['site_name']}\n", f"> {project['site_description']}\n", *index(project["nav"])]
    (site / "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        name = page.relative_to(ROOT / "docs").with_suffix("")
        place = site / ("" if name.name == "index" else name)
        shutil.copy(page, place / "index.md")


def main() -> int:
    """Return 1 when anything is wrong."""
    site = Path(sys.argv[1])
    write_index(site)
    pages = pages_of(site)
    wrong = [*wrong_links(site, pages), *too_wide(site, pages)]
    print(*wrong, f"{len(pages)} pages, {len(wrong)} wrong", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
