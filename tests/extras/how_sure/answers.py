import numpy as np

RIGHT = np.arange(1000) % 50 != 1
NEEDED = {"answer_with_care": [RIGHT, np.where(RIGHT, 0.99, 0.5)]}
ANSWERS = {"answer_with_care": [(0.5, "Right"), (0.3, "Above this only")]}
