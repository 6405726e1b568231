"""The job that makes an export, as a process that may be killed: `... exporter ENTRY WORK`."""

import sys

from app import create_app
from jobs import worker
from services.hiring import exports


def main() -> None:
    with create_app().app_context():
        worker.carry_out(int(sys.argv[1]), exports.TASK, {"work_id": int(sys.argv[2])})


if __name__ == "__main__":
    main()
