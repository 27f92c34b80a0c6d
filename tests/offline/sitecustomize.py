"""Refuse every connection to another machine, in this Python and in those that it starts.

Python imports a module of this name by itself when it starts, if its folder is on the path;
conftest.py puts it there, so notebooks' kernels and servers are offline as well. An audit hook
hears of each call, whichever library makes it, and nothing can take it away again.
"""

import errno
import ipaddress
import socket
import sys

RESOLVED = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
REACHED = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1}


def _is_here(host) -> bool:
    """Return whether a host is this machine, or a number that needs no name server."""
    host = host.decode() if isinstance(host, bytes) else host
    return host in (None, "", "localhost", socket.gethostname())


def _is_number(host) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0] if isinstance(host, str) else host)
    except ValueError:
        return False
    return True


def refuse(event: str, arguments: tuple) -> None:
    """Raise what a machine without a network raises."""
    if event in RESOLVED:
        host = arguments[0]
        if not _is_here(host) and not _is_number(host):
            raise socket.gaierror(socket.EAI_AGAIN, f"the tests are offline, asked for {host!r}")
    elif event in REACHED:
        address = arguments[REACHED[event]]
        if not isinstance(address, tuple):
            return  # a socket of Unix, or a message on a connection
        host = address[0]
        if not _is_here(host) and not (_is_number(host) and ipaddress.ip_address(host).is_loopback):
            raise OSError(errno.ENETUNREACH, f"the tests are offline, asked for {host!r}")


sys.addaudithook(refuse)
