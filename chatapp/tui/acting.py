"""What can be done with a message that was chosen."""

from textual.app import App

from chatapp.texts import tr
from chatapp.tui.targets import DELETE, EDIT, REACT, REPLY
from chatapp.tui.timeline.entries import Entry

LINES = {"reply": REPLY, "react": REACT, "edit": EDIT, "delete": DELETE}
"""What is done by a line that is sent, and how that begins."""


def do_now(what: str, entry: Entry, app: App[int]) -> str | None:
    """Do with `entry` what needs no line of the composer's; return what is to be said of it, None if one is needed."""
    match what:
        case "copy":
            app.copy_to_clipboard(entry.text)
            return tr("Copied.")
        case "open" | "copy_link" if not entry.links:
            return tr("There is no link in that message.")
        case "open":
            return _open(entry.links[0], app)
        case "copy_link":
            app.copy_to_clipboard(url := entry.links[0])
            return tr("Copied: {url}", url=url)
        case "edit" if not entry.is_own:
            return tr("Only what you said yourself can be said in other words.")
    return None


def _open(url: str, app: App[int]) -> str:
    if _has_browser():
        app.open_url(url)
        return tr("Opened: {url}", url=url)
    app.copy_to_clipboard(url)
    return tr("No browser can be opened from here. Copied: {url}", url=url)


def _has_browser() -> bool:
    """Return whether there is a browser with a window of its own: one of the terminal would draw over this screen."""
    import webbrowser  # to find one takes long, too

    try:
        return type(webbrowser.get()) is not webbrowser.GenericBrowser
    except webbrowser.Error:
        return False
