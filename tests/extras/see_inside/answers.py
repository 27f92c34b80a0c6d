from unittest.mock import Mock

import numpy as np

FAILS = Mock(side_effect=RuntimeError("no layer of this name.\nand more"))
NEEDED = {"maps_of_their_own": [None, np.zeros((28, 28, 1)), 1, "edges"]}
ANSWERS = {
    "maps_of_their_own": [
        (lambda *_arguments: np.ones((3, 3)), "as large"),
        (FAILS, "Not yet. Your function ends in RuntimeError: no layer of this name."),
    ],
}
