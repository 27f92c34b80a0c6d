"""Formulas in LaTeX as MathML, which browsers show by themselves."""

import re

from latex2mathml.converter import convert

# MathML leaves no space between the name of a function and a letter: "ln p", not "lnp".
NAME = re.compile(r"<mi>[a-z]{2,}</mi>(?=<m[is])")


def to_mathml(latex: str, display: str = "inline") -> str:
    """Return a formula as a `math` element, in its line or, as a "block", in one of its own.

    ValueError says which formula has a fault.
    """
    try:
        mathml = convert(latex, display=display)
    except Exception as error:  # the library's errors have no class in common
        raise ValueError(f"This formula can't be shown: {latex}") from error
    if "\\" in mathml:  # the library shows a command that it doesn't know
        raise ValueError(f"This formula has an unknown command: {latex}")
    # A wide formula is scrolled, on a keyboard too.
    mathml = mathml.replace('display="block"', 'display="block" tabindex="0"')
    return NAME.sub(r'\g<0><mspace width="0.167em"/>', mathml)
