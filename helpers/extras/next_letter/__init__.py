"""From a digit to the next letter: the smallest language models, by the step of notebook 3."""
