"""The one kind of error that a user can cause.

Everything else is a fault of ours and stays an ordinary exception with a traceback.
"""

LONGEST_MESSAGE = 1200
"""Characters of a message; of a longer one the middle is left out."""

START_OF_LONG = 800
"""How many of them come from its start, where what was given is quoted."""

LEFT_OUT = " … "


class UserError(ValueError):
    """Something the user gave cannot be used.

    The message is one line that quotes what was given and says what to do. The command
    line prints it and ends with exit code 2; from Python it is raised as it is.

    Parameters
    ----------
    message
        The line. What is quoted in it may hold anything, because of :func:`one_line`.
    """

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


def one_line(message: str) -> str:
    r"""Return a message as one line of printable characters that is no longer than a paragraph.

    Whatever a terminal would obey, or could not show, is written as Python writes it: a line
    break as ``\n``, ESC as ``\x1b``, a mark that turns the writing's direction as ``\u202e``,
    and a byte of a file's name that is no UTF-8 as ``\udce9``.
    """
    start = _shortened(message)
    return _shortened("".join(each if each.isprintable() else _escaped(each) for each in start))


def _shortened(message: str) -> str:
    if len(message) <= LONGEST_MESSAGE:
        return message
    end = START_OF_LONG + len(LEFT_OUT) - LONGEST_MESSAGE
    return message[:START_OF_LONG] + LEFT_OUT + message[end:]


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
