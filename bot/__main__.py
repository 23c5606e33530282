"""python -m bot: the same as `spnet run`."""

import sys

from bot.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["run"]
    main()
