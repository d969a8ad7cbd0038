"""How many connections this process may have open at once: the system's limit, raised as far as it lets us."""

import resource
from typing import Final

OWN: Final = 64
"""Files that are open anyway."""


class TooFewFiles(Exception):
    """The system does not let this process open as many connections; the sentence says how to change that."""


def make_room(connections: int) -> None:
    """Raise the limit for so many connections.  Raises TooFewFiles."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + OWN
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise TooFewFiles(
            f"本进程最多可打开 {hard} 个文件, {connections} 个连接需要 {wanted} 个; 请以 root 执行 ulimit -n {wanted} "
            f"后再试, 或改用 --connections / this process may open {hard} files, and {connections} connections need "
            f"{wanted}: raise the hard limit (ulimit -n {wanted}, as root), or use --connections"
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
