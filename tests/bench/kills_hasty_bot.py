"""The bot with fewer seconds to wait before it believes a provider's list: `... kills_hasty_bot SECONDS run`.

The product waits a minute until no request of a dead sender can be on its way. On loopback none is on its way
for longer than the provider's own delays, and a test has no minute.
"""

import sys

from bot.__main__ import main
from bot.jobs import decide

if __name__ == "__main__":
    decide.IN_FLIGHT = int(float(sys.argv.pop(1)) * decide.SECOND)
    sys.exit(main())
