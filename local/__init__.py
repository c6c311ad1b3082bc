"""What only a developer's machine needs: the local AWS, its deployment, the demo, the inbox, the replay."""

import sys
from pathlib import Path

# The functions find the package in their layer; here it lies where it is written.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "layers" / "shared"))
