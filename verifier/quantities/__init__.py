"""Quantities and dates: read from claims with the words that name them, and compared by rule.

Read by this package's own grammar, because no library reads news figures well enough to rule by. Of the 26 bare numbers in
`tests/verifier/test_quantities_reading.py` quantulum3 0.10 reads 16, text2num 3.1 and number-parser 0.3 read 10 each; quantulum3 takes
"half a million" for 1,500,000, "10 to 15 million" for 7.5 million and "$5bn" for "dollar bit newton", and none of them
reads bounds, "hundreds of" or what is counted. dateparser 1.5 finds a date in "between 10 and 15 soldiers"; pint 0.25 takes 1 to 2 s
to import for a table of some forty units.
"""

from verifier.quantities.comparing import Comparison, Figures, Relation, figures_of
from verifier.quantities.values import Dimension, Quantity, Reading

__all__ = ["Comparison", "Dimension", "Figures", "Quantity", "Reading", "Relation", "figures_of"]
