"""Quantities and dates: read from claims with the words that name them, and compared by rule.

Read by this package's own grammar, because no library reads news figures well enough to rule by (tried on the cases in
`tests/verifier/test_quantities_reading.py`): quantulum3 0.10 takes "half a million" for 1,500,000, "$5bn" for five "dollar bit
newton" and knows no "hundreds of"; text2num 3.1 and number-parser 0.3 turn "half a million" into "half a 1000000" and read no
ranges, bounds or units; dateparser 1.5 finds a date in "between 10 and 15 soldiers"; pint 0.25 takes 2 s to import for
a table of some forty units.
"""

from verifier.quantities.comparing import Comparison, Figures, Relation, figures_of
from verifier.quantities.values import Dimension, Quantity, Reading

__all__ = ["Comparison", "Dimension", "Figures", "Quantity", "Reading", "Relation", "figures_of"]
