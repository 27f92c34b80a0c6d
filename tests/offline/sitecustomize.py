"""Refuse every connection to another machine, in this Python and in those that it starts.

Python imports a module of this name by itself when it starts, if its folder is on the path;
tests/plugins/processes.py puts it there, so notebooks' kernels and servers are offline as well. An
audit hook hears of each call, whichever library makes it, and nothing can take it away again.
"""

import errno
import socket
import sys

RESOLVED = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
REACHED = {"socket.connect", "socket.sendto", "socket.sendmsg"}
HERE = {None, "", "localhost", "0.0.0.0", "::", "::1", socket.gethostname()}


def refuse(event: str, arguments: tuple) -> None:
    """Raise what a machine without a network raises."""
    host = arguments[0] if event in RESOLVED else None
    if event in REACHED and isinstance(arguments[1], tuple):  # else it is a socket of Unix
        host = arguments[1][0]
    host = host.decode() if isinstance(host, bytes) else host
    if host not in HERE and not host.startswith("127."):
        raise OSError(errno.ENETUNREACH, f"the tests are offline, asked for {host!r}")


sys.addaudithook(refuse)
