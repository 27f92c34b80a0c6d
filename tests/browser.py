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


def draw(paper, strokes, lift=True):
    """Draw strokes, as `render_strokes` takes them, with the mouse on the pad's paper."""
    mouse = paper.page.mouse
    for stroke in strokes:
        for number, (x, y) in enumerate(stroke):
            mouse.move(*place(paper, x, y), steps=3 if number else 1)
            if number == 0:
                mouse.down()
        if lift:
            mouse.up()


def place(paper, x, y) -> tuple[float, float]:
    """Return where on the page a point of the pad's paper lies."""
    box = paper.bounding_box()
    scale = box["width"] / 280
    return box["x"] + scale * x, box["y"] + scale * y
