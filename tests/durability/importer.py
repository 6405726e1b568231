"""The job that carries out an import, as a process that may be killed: `... importer NUMBER`."""

import sys
from datetime import UTC, datetime

from app import create_app
from services.authoring import importing_work


def main() -> None:
    with create_app().app_context():
        importing_work.run(int(sys.argv[1]), lambda: datetime.now(UTC))


if __name__ == "__main__":
    main()
