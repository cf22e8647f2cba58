"""What the control API refuses, in one sentence."""


class ControlError(Exception):
    """Answer a control call with {"error": sentence} and a 4xx status."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
