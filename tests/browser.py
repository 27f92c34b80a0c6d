"""What the tests want to know of a page in a browser."""


def watch(page, *allowed: str) -> list[str]:
    """Return a list that grows with each error on a page, and each request that leads elsewhere.

    Only what begins with one of `allowed`, or lies in the page itself, is answered.
    """
    wrong = []

    def note_message(message):
        if message.type == "error":
            wrong.append(f"{message.text} ({message.location.get('url')})")

    def let_pass(route):
        if route.request.url.startswith((*allowed, "data:", "blob:", "about:")):
            route.continue_()
        else:
            wrong.append(f"asked for {route.request.url}")
            route.abort()

    page.on("console", note_message)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.route("**/*", let_pass)
    return wrong
