"""Evidence in a form that can be compared: links, files of Google Drive, document numbers (design.md §4).

The same file is linked in many ways (view, edit, open?id=, another account), and the same document number is
typed in many ways ("Số 15 / KH-UBND", "015/KH-UBND"); a comparison must not take them for two things.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from kpis.language.normalization import clean, fold_cleaned

_LINK = re.compile(r"(?:https?://|www\.|(?:drive|docs)\.google\.com/)[^\s<>\"]+", re.IGNORECASE)
_LINK_OR_TEXT = re.compile(f"({_LINK.pattern})", re.IGNORECASE)
# Links are typed without their scheme too; only well-known endings, since "15.kh/ubnd" is a document's number.
_ANY_LINK = re.compile(
    rf"{_LINK.pattern}|(?<![\w./@-])(?:[a-z0-9-]+\.)+(?:vn|com|net|org|info|me|be|ly|gl)/[^\s<>\"]+", re.IGNORECASE
)
_TRAILING_PUNCTUATION = ".,;:!?)]}”’'"
_GOOGLE_HOSTS = {
    "drive.google.com", "docs.google.com", "drive.usercontent.google.com", "lh3.googleusercontent.com",
}  # fmt: skip
_GOOGLE_NAMES = ("google", "facebook")
"""One of them stands in every link to a file of Google, or to a page that redirects to one."""
_REDIRECT_PATHS = {"google.com": "/url", "google.com.vn": "/url", "l.facebook.com": "/l.php"}
"""Pages that open the link in their parameter `q`, `url` or `u`, as copied from a mail or a post."""
_FILE_PATH = re.compile(r"/d/(?:e/)?([\w-]+)")
_FOLDER_PATH = re.compile(r"/(?:folders/|folderview|drive(?:/|$)(?!.*\bfile/))")
_VIDEO_PATH = re.compile(r"/(?:shorts|live|embed)/([\w-]+)")
_DROPPED_PARAMETERS = re.compile(r"utm_.*|fbclid", re.IGNORECASE)
_SOCIAL_HOSTS = {
    "facebook.com", "fb.com", "youtube.com", "tiktok.com", "instagram.com", "x.com", "twitter.com", "t.me",
    "zalo.me", "oa.zalo.me", "linkedin.com",
}  # fmt: skip
_CHANNEL_FOLDERS = {"channel", "c", "user", "groups", "pages", "company", "people", "in", "s", "profile.php"}
_CHANNEL_TABS = {"videos", "photos", "posts", "about", "featured", "streams", "shorts", "reels", "community"}
_POST_PARAMETERS = {"v", "story_fbid", "fbid", "multi_permalinks"}
# On folded text: "15/kh-ubnd", "15/2026/nd-cp", "so: 015 / kh - ubnd".
_DOCUMENT_NUMBER = re.compile(
    r"(?:\bsố\s*[:.]?\s*)?\b0*([0-9]+)\s*/\s*(?:([0-9]{4})\s*/\s*)?([^\W\d_]+(?:\s*-\s*[^\W\d_]+)*)(?![\w/])"
)


def list_links(text: str) -> list[str]:
    """Return the links in a text, without the punctuation after them."""
    if "/" not in text and "www." not in text.lower():
        return []
    return [match.rstrip(_TRAILING_PUNCTUATION) for match in _ANY_LINK.findall(text)]


def find_drive_file(link: str) -> str | None:
    """Return the id of the Google Drive or Docs file that a link opens; None for folders and other links."""
    lowered = link.lower()
    if not any(name in lowered for name in _GOOGLE_NAMES):
        return None
    parts = _split_link(_unwrap(link))
    if parts is None or _get_host(parts.netloc) not in _GOOGLE_HOSTS:
        return None
    if match := _FILE_PATH.search(parts.path):
        return match[1]
    if _FOLDER_PATH.search(parts.path) and not parts.path.endswith("/open"):
        return None
    return dict(parse_qsl(parts.query)).get("id") or None


def normalize_link(link: str) -> str:
    """Return a link without scheme, www., m., fragment, trailing slash, `utm_…` and `fbclid`.

    A file of Google Drive is `drive:<id>`, a video of YouTube its page `youtube.com/watch?v=<id>`.
    """
    if file := find_drive_file(link):
        return f"drive:{file}"
    link = _unwrap(link)
    parts = _split_link(link)
    if parts is None:
        return link
    host, path = _get_host(parts.netloc), quote(unquote(parts.path), safe="/@:+,;=!$&'()*~").rstrip("/")
    parameters = sorted(
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _DROPPED_PARAMETERS.fullmatch(pair[0])
    )
    video = _find_video(host, path, dict(parameters))
    if video:
        return f"youtube.com/watch?v={video}"
    return f"{host}{path}?{urlencode(parameters)}" if parameters else f"{host}{path}"


def is_strong_link(link: str) -> bool:
    """True if a link names one file or page; False for folders, home pages and channels."""
    if find_drive_file(link):
        return True
    parts = _split_link(_unwrap(link))
    if parts is None or not parts.path.strip("/"):
        return False
    host = _get_host(parts.netloc)
    if host in _GOOGLE_HOSTS:
        return False
    return host not in _SOCIAL_HOSTS or _is_post(parts.path, dict(parse_qsl(parts.query)))


def list_document_numbers(text: str) -> list[str]:
    """Return the document numbers in a text in one spelling: "15/kh-ubnd"."""
    folded = fold_cleaned(clean(_LINK.sub(" ", text)))
    return [_format_number(match) for match in _DOCUMENT_NUMBER.finditer(folded)]


def build_evidence_key(text: str) -> str:
    """Return evidence for a row's identity: folded, files by id, document numbers in one spelling."""
    if "/" not in text:
        return fold_cleaned(text)
    parts, is_recognized = [], False
    for index, part in enumerate(_LINK_OR_TEXT.split(text)):
        if index % 2:
            link = part.rstrip(_TRAILING_PUNCTUATION)
            file = find_drive_file(link)
            parts.append(f"drive:{file}{part[len(link) :]}" if file else part)
            is_recognized |= file is not None
        elif "/" not in part:  # no document's number
            parts.append(part)
        else:
            folded, numbers = _DOCUMENT_NUMBER.subn(_format_number, fold_cleaned(part))
            parts.append(folded if numbers else part)
            is_recognized |= numbers > 0
    key = fold_cleaned("".join(parts))
    return key.rstrip(" " + _TRAILING_PUNCTUATION) if is_recognized else key


def are_different_evidence(first: str | None, second: str | None) -> bool:
    """True if both rows have evidence and nothing of it is the same: no link, file or document number."""
    if not first or not second:
        return False
    marks = _list_marks(first), _list_marks(second)
    if all(marks):
        return marks[0].isdisjoint(marks[1])
    return build_evidence_key(first) != build_evidence_key(second)


def list_evidence_keys(evidence: str) -> list[tuple[str, str]]:
    """Return keys of evidence: `are_different_evidence` is True of any two without one in common."""
    return [*(("mark", mark) for mark in _list_marks(evidence)), ("text", build_evidence_key(evidence))]


@lru_cache(maxsize=1 << 14)
def _list_marks(text: str) -> frozenset[str]:
    return frozenset({*map(normalize_link, list_links(text)), *list_document_numbers(text)})


def _format_number(match: re.Match[str]) -> str:
    year = f"{match[2]}/" if match[2] else ""
    return f"{match[1]}/{year}{''.join(match[3].split())}"


def _split_link(link: str) -> SplitResult | None:
    try:
        return urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:  # "http://[": not a link after all
        return None


def _get_host(netloc: str) -> str:
    host = netloc.rpartition("@")[2].lower()
    return re.sub(r"^(?:www\.|m\.|mobile\.)+|:(?:80|443)$", "", host)


def _unwrap(link: str) -> str:
    """Return the link that a redirecting page opens; any other link as it is."""
    parts = _split_link(link)
    if parts is None or _REDIRECT_PATHS.get(_get_host(parts.netloc)) != parts.path:
        return link
    parameters = dict(parse_qsl(parts.query))
    return next((parameters[name] for name in ("q", "url", "u") if parameters.get(name)), link)


def _find_video(host: str, path: str, parameters: dict[str, str]) -> str | None:
    if host == "youtu.be":
        return path.strip("/").partition("/")[0] or None
    if host != "youtube.com":
        return None
    match = _VIDEO_PATH.match(path)
    return match[1] if match else parameters.get("v") if path == "/watch" else None


def _is_post(path: str, parameters: dict[str, str]) -> bool:
    if _POST_PARAMETERS & parameters.keys():
        return True
    parts = [part.lower() for part in path.split("/") if part]
    if parts[-1] in _CHANNEL_TABS:
        return False
    if parts[0] in _CHANNEL_FOLDERS:
        return len(parts) > 3 if parts[0] in {"groups", "pages"} else parts[0] == "s" and len(parts) > 2
    return len(parts) > 1
