"""Which Threshold this is."""

import tomllib

from config import ROOT

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
