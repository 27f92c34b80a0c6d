"""The plumbing of the optional lesson in_pytorch, which needs more than the others do."""

import importlib.util
import sys

from IPython import get_ipython

from helpers.common import pytorch
from helpers.common.language import _


def skip_without_torch() -> None:
    """Where PyTorch is missing, say how to get it; later cells then do nothing.

    A notebook calls this before it imports TensorFlow. What a cell holds is replaced before it
    runs, so that none ends in a traceback.
    """
    how_to_install = pytorch.say_if_missing()
    if how_to_install:
        print(how_to_install)
        message = _("Skipped: PyTorch is not installed.")
        skipped = [f"print({message!r})"]
        get_ipython().input_transformers_cleanup.append(lambda lines: skipped)
    elif "tensorflow" not in sys.modules:
        # After TensorFlow, PyTorch's build for Linux warns of CUDA, and its triton ends Python.
        importlib.import_module("torch").cuda.is_available()
        if importlib.util.find_spec("triton"):
            importlib.import_module("triton")
