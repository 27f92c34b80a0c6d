"""A command line that names what to make, such as `python -m publish.record seeds moved`."""

import argparse
from collections.abc import Callable


def call_named(
    functions: dict[str, Callable[[], None]],
    module: str,
    description: str,
    arguments: list[str] | None = None,
) -> None:
    """Call the functions that a command line names, in its order, or all if it names none.

    SystemExit if one of the names is unknown. Then no function is called.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    known = ", ".join(functions)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{known} (default: all)")
    names = parser.parse_args(arguments).names
    for name in names:
        if name not in functions:
            parser.error(f"there is no {name}; name one or more of {known}")
    for name in names or functions:
        print(name, flush=True)
        functions[name]()
