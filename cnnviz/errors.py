"""The one kind of error that a user can cause.

Everything else is a fault of ours and stays an ordinary exception with a traceback.
"""


class UserError(ValueError):
    """Something the user gave cannot be used.

    The message is one line that quotes what was given and says what to do. The command
    line prints it and ends with exit code 2; from Python it is raised as it is.
    """
