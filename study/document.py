"""The document's lines and nothing else, for comparison with the four notebooks that teach them."""

from tensorflow import keras
from tensorflow.keras import layers

from helpers import mnist
from helpers.common.files import ROOT

LINES = ROOT / "docs" / "maintain" / "document.txt"
exec(LINES.read_text(encoding="utf-8"), {"keras": keras, "layers": layers, "mnist": mnist})
